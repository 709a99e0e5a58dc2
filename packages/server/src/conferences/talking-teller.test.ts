import { describe, expect, it } from "vitest";
import { createConferenceBench } from "./conference-testbench.ts";

async function talkingBench() {
  const bench = await createConferenceBench();
  const legs = { anna: await bench.dial("200"), lisa: await bench.dial("201") };
  const says = (): readonly (readonly string[])[] =>
    bench.ephemeral.map(({ data }) => (data["talking"] as { displayName: string }[]).map((who) => who.displayName));
  return { ...bench, ...legs, says };
}

describe("who talks in a conference", () => {
  it("[V23] is told with two in it already, with the whole of it each time, and not in the log", async () => {
    const { engine, anna, lisa, says, scheduler, ephemeral, joined, events } = await talkingBench();
    engine.setTalking(anna, true);
    scheduler.advance(200);
    engine.setTalking(lisa, true);
    scheduler.advance(200);
    engine.setTalking(anna, false);
    expect(says()).toEqual([["Anna Schmidt"], ["Anna Schmidt", "Lisa Weber"], ["Lisa Weber"]]);
    expect(ephemeral[0]).toMatchObject({
      type: "CONFERENCE_TALKING",
      data: { conferenceId: "room", talking: [{ participantId: joined(0)["participantId"] }] },
      audience: { conferenceIds: ["room"], userIds: ["user-200", "user-201"] },
    });
    expect(events.map(({ type }) => String(type))).not.toContain("CONFERENCE_TALKING");
  });

  it("[V23] is told at most five times a second; what happens meanwhile is told together", async () => {
    const { engine, anna, lisa, says, scheduler } = await talkingBench();
    engine.setTalking(anna, true);
    for (let turn = 0; turn < 10; turn += 1) {
      engine.setTalking(lisa, turn % 2 === 0);
      scheduler.advance(10);
    }
    engine.setTalking(lisa, true);
    expect(says()).toEqual([["Anna Schmidt"]]);
    scheduler.advance(100);
    expect(says()).toEqual([["Anna Schmidt"], ["Anna Schmidt", "Lisa Weber"]]);
    scheduler.advance(1000);
    expect(says()).toHaveLength(2);
  });

  it("[V23] who leaves talks no more; of a conference that is over nothing is told", async () => {
    const { engine, anna, lisa, says, scheduler, settle } = await talkingBench();
    engine.setTalking(anna, true);
    scheduler.advance(200);
    engine.hangup(anna);
    await settle();
    scheduler.advance(200);
    expect(says()).toEqual([["Anna Schmidt"], []]);
    engine.setTalking(lisa, true);
    engine.hangup(lisa);
    await settle();
    scheduler.advance(1000);
    expect(says()).toHaveLength(3);
  });
});
