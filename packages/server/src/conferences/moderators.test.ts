import { describe, expect, it } from "vitest";
import { createConferenceBench } from "./conference-testbench.ts";

const pin = { moderatorPin: "90210815" };
const anna = { moderatorUserIds: ["user-200"] };

describe("[V28] moderators who become so in the room", () => {
  it("[V28] [V21] `*0`, the moderator PIN and `#`: told, heard, and in charge from then on", async () => {
    const bench = await createConferenceBench(pin);
    const { dial, press, last, told, hears, joined, engine } = bench;
    const leg = await dial("200");
    await press(leg, "#");
    expect(joined(0)).toMatchObject({ isModerator: false });
    await press(leg, "*2");
    expect(told()).not.toContain("LOCKED");
    await press(leg, "*0");
    expect(hears(leg)).toBe("conference-enter-pin");
    await press(leg, "90210815#");
    expect(last("CONFERENCE_PARTICIPANT_PROMOTED")).toMatchObject({
      participantId: joined(0)["participantId"],
      displayName: "Anna Schmidt",
      causedBy: { via: "phone" },
    });
    expect(last("CONFERENCE_PARTICIPANT_PROMOTED")).not.toHaveProperty("promotedBy");
    expect(hears(leg)).toBe("conference-moderator");
    await press(leg, "*2");
    expect(last("CONFERENCE_LOCKED")).toMatchObject({ lockedBy: { displayName: "Anna Schmidt" } });
    expect(JSON.stringify(bench.events)).not.toMatch(/90210815|CALL_DTMF/);
    engine.hangup(leg);
  });

  it("[V28] a star begins the PIN anew; after three wrong ones nobody is asked again in this call", async () => {
    const { dial, press, told, hears, listen } = await createConferenceBench(pin);
    const leg = await dial("200");
    await press(leg, "#");
    await press(leg, "*0777*1");
    await press(leg, "#");
    expect(hears(leg)).toBe("conference-wrong-pin");
    for (const wrong of ["1", "2"]) await press(leg, `*0${wrong}#`);
    await listen();
    await press(leg, "*0");
    expect(hears(leg)).toBeUndefined();
    await press(leg, "90210815#");
    expect(told()).not.toContain("PARTICIPANT_PROMOTED");
    await press(leg, "*1");
    expect(told()).toContain("PARTICIPANT_MUTED");
  });

  it("[V28] who begins a PIN and thinks better of it presses orders again after 10 s", async () => {
    const { dial, press, told, scheduler, settle } = await createConferenceBench(pin);
    const leg = await dial("200");
    await press(leg, "#");
    await press(leg, "*09");
    scheduler.advance(10_000);
    await settle();
    await press(leg, "*1");
    expect(told()).toContain("PARTICIPANT_MUTED");
  });

  it("[V28] by a moderator's command, once; nobody else may", async () => {
    const { dial, commands, as, last, told, joined, settle, press } = await createConferenceBench(anna);
    await dial("200");
    const lisa = await dial("201");
    const about = { conferenceId: "room", participantId: String(joined(1)["participantId"]) };
    expect(await commands.conferencePromote(about, as("201"))).toMatchObject({ error: { code: "UNAUTHORIZED" } });
    expect(await commands.conferencePromote(about, as("200"))).toMatchObject({ ok: true, data: about });
    await settle();
    expect(last("CONFERENCE_PARTICIPANT_PROMOTED")).toMatchObject({
      displayName: "Lisa Weber",
      promotedBy: { displayName: "Anna Schmidt", participantId: joined(0)["participantId"] },
      causedBy: { via: "command" },
    });
    await commands.conferencePromote(about, as("200"));
    expect(told().filter((type) => type === "PARTICIPANT_PROMOTED")).toHaveLength(1);
    await press(lisa, "*9");
    expect(last("CONFERENCE_ENDED")).toMatchObject({ reason: "ended_by_moderator", endedBy: { userId: "user-201" } });
    const gone = { conferenceId: "room", participantId: "nobody" };
    expect(await commands.conferencePromote(gone, as("200"))).toMatchObject({
      error: { code: "CONFERENCE_NOT_FOUND" },
    });
  });
});

describe("[V28] the last moderator leaves", () => {
  it("[V28] the others go on, where it is not said otherwise", async () => {
    const { dial, engine, settle, told } = await createConferenceBench(anna);
    const leg = await dial("200");
    await dial("201");
    engine.hangup(leg);
    await settle();
    expect(told()).not.toContain("ENDED");
  });

  it("[V28] a room that ends without one: the others hear so and are hung up", async () => {
    const { dial, engine, settle, told, last, hears, listen, events } = await createConferenceBench({
      ...anna,
      endsWithoutModerator: true,
    });
    const leg = await dial("200");
    const lisa = await dial("201");
    engine.hangup(leg);
    await settle();
    expect(told().slice(-3)).toEqual(["PARTICIPANT_LEFT", "PARTICIPANT_LEFT", "ENDED"]);
    expect(
      events.filter(({ type }) => type === "CONFERENCE_PARTICIPANT_LEFT").map(({ data }) => data["reason"]),
    ).toEqual(["left", "kicked"]);
    expect(last("CONFERENCE_ENDED")).toMatchObject({ reason: "no_moderator", totalParticipants: 2 });
    expect(hears(lisa)).toBe("conference-ended");
    await listen();
    expect(last("CALL_ENDED")).toMatchObject({ reason: "conference_ended" });
    expect(engine.usage()).toMatchObject({ legs: 0, bridges: 0, playbacks: 0 });
  });

  it("[V28] who was made moderator in time keeps it going; without any from the start it goes on, too", async () => {
    const { dial, engine, settle, told, commands, as, joined } = await createConferenceBench({
      ...anna,
      endsWithoutModerator: true,
    });
    const first = await dial("201");
    engine.hangup(first);
    await settle();
    expect(told().at(-1)).toBe("ENDED");
    await dial("202");
    const leg = await dial("200");
    const participantId = String(joined(1)["participantId"]);
    await commands.conferencePromote({ conferenceId: "room", participantId }, as("200"));
    engine.hangup(leg);
    await settle();
    expect(told().at(-1)).toBe("PARTICIPANT_LEFT");
  });
});
