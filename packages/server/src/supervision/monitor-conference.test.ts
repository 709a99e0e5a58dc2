import { expect, it } from "vitest";
import { newestLeg } from "../calls/newest-leg.ts";
import { createConferenceBench } from "../conferences/conference-testbench.ts";

/** 200 and 201 are in a conference, and 202 listens to the call of 201. */
async function listening(mode: "listen" | "whisper" | "barge") {
  const bench = await createConferenceBench();
  const { dial, commands, as, settle, engine, ringingLegs, events } = bench;
  const [anna, lisa] = [await dial("200"), await dial("201")];
  const callId = String(events.findLast(({ type }) => type === "CALL_ANSWERED")?.data["callId"]);
  const answer = commands.monitor({ callId, mode }, as("202", "all"));
  await settle();
  const tom = newestLeg(ringingLegs());
  engine.answer(tom);
  expect(await answer).toMatchObject({ ok: true });
  await settle();
  const legs = [anna, lisa, tom];
  const hearing = legs.map((ear) => legs.flatMap((mouth, at) => (engine.hears(ear, mouth) ? [at] : [])).join(""));
  return { ...bench, anna, lisa, tom, hearing };
}

it.each([
  ["listen", ["1", "0", "01"]],
  ["whisper", ["1", "02", "01"]],
  ["barge", ["12", "02", "01"]],
] as const)(
  "[C70] [V24] of a call in a conference, %s is of the whole of it; a whisper is for its party alone",
  async (mode, who) => {
    const { hearing, told } = await listening(mode);
    expect(hearing).toEqual(who);
    // Who listens takes no part.
    expect(told()).toEqual(["STARTED", "PARTICIPANT_JOINED", "PARTICIPANT_JOINED"]);
  },
);

it("[C70] [V24] it ends when the call leaves the conference, which goes on", async () => {
  const { engine, lisa, tom, settle, last, conferences } = await listening("listen");
  engine.hangup(lisa);
  await settle();
  expect(engine.leg(tom)?.state).toBe("ended");
  expect(last("CALL_MONITOR_STOPPED")).toMatchObject({ monitoredBy: { number: "202" } });
  expect(conferences.get("room")?.participants).toHaveLength(1);
});
