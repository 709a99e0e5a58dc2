import { describe, expect, it } from "vitest";
import { createConferenceBench } from "./conference-testbench.ts";

describe("commands in a conference", () => {
  it("[V22] everybody mutes himself, and nobody else", async () => {
    const { dial, commands, as, engine, joined, last, settle } = await createConferenceBench();
    const [anna, lisa] = [await dial("200"), await dial("201")];
    const [own, other] = [joined(0)["participantId"], joined(1)["participantId"]].map(String);
    const about = { conferenceId: "room", participantId: own ?? "" };
    expect(await commands.conferenceMute(about, as("200"))).toMatchObject({ ok: true, data: about });
    await settle();
    expect(last("CONFERENCE_PARTICIPANT_MUTED")).toMatchObject({
      ...about,
      isSelfMute: true,
      causedBy: { via: "command" },
    });
    expect(engine.hears(lisa, anna)).toBe(false);
    const foreign = await commands.conferenceMute({ conferenceId: "room", participantId: other ?? "" }, as("200"));
    expect(foreign).toMatchObject({ ok: false, error: { code: "UNAUTHORIZED" } });
    for (const run of [commands.conferenceEnd, commands.conferenceLock]) {
      expect(await run({ conferenceId: "room" }, as("200"))).toMatchObject({ error: { code: "UNAUTHORIZED" } });
    }
  });

  it("[V22] a supervisor mutes and unmutes; a repeat is told to nobody", async () => {
    const { dial, commands, as, told, joined, last } = await createConferenceBench();
    await dial("200");
    const about = { conferenceId: "room", participantId: String(joined(0)["participantId"]) };
    await commands.conferenceMute(about, as("205", "all"));
    await commands.conferenceMute(about, as("205", "all"));
    expect(last("CONFERENCE_PARTICIPANT_MUTED")).toMatchObject({ isSelfMute: false });
    await commands.conferenceUnmute(about, as("205", "all"));
    expect(told().slice(2)).toEqual(["PARTICIPANT_MUTED", "PARTICIPANT_UNMUTED"]);
  });

  it("[V22] a moderator removes somebody, who hears so before the call ends; it is in the audit log", async () => {
    const { dial, commands, as, joined, last, hears, listen, engine, audited, settle } = await createConferenceBench({
      moderatorUserIds: ["user-200"],
    });
    const [, lisa] = [await dial("200"), await dial("201")];
    const about = { conferenceId: "room", participantId: String(joined(1)["participantId"]) };
    expect(await commands.conferenceKick(about, as("200"))).toMatchObject({ ok: true, data: about });
    await settle();
    expect(last("CONFERENCE_PARTICIPANT_LEFT")).toMatchObject({
      ...about,
      reason: "kicked",
      currentParticipantCount: 1,
    });
    expect(hears(lisa)).toBe("conference-kicked");
    await listen();
    expect(engine.leg(lisa)?.state).toBe("ended");
    expect(last("CALL_ENDED")).toMatchObject({ hangupBy: "system", reason: "conference_kicked" });
    expect(audited).toEqual(["user-200 conference.kick"]);
    const again = await commands.conferenceKick(about, as("200"));
    expect(again).toMatchObject({ error: { code: "INVALID_STATE", details: { reason: "no_such_participant" } } });
  });

  it("[V22] a supervisor locks and ends a conference; one that nobody is in is not found", async () => {
    const { dial, commands, as, hears, listen, told, last, engine } = await createConferenceBench();
    const room = { conferenceId: "room" };
    expect(await commands.conferenceEnd(room, as("205", "all"))).toMatchObject({
      error: { code: "CONFERENCE_NOT_FOUND" },
    });
    await dial("200");
    for (const turn of [1, 2]) {
      expect(await commands.conferenceLock(room, as("205", "all"))).toMatchObject({ ok: true });
      expect(
        told().filter((type) => type === "LOCKED"),
        `turn ${turn}`,
      ).toHaveLength(1);
    }
    expect(last("CONFERENCE_LOCKED")).toMatchObject({ lockedBy: { displayName: "205" }, causedBy: { via: "command" } });
    expect(hears(await dial("201"))).toBe("conference-locked");
    await commands.conferenceUnlock(room, as("205", "all"));
    expect(last("CONFERENCE_UNLOCKED")).toMatchObject({ conferenceId: "room", unlockedBy: { displayName: "205" } });
    await listen();
    await dial("202");
    expect(await commands.conferenceEnd(room, as("205", "all"))).toMatchObject({ ok: true });
    expect(last("CONFERENCE_ENDED")).toMatchObject({
      reason: "ended_by_moderator",
      endedBy: { userId: "user-205" },
      totalParticipants: 2,
    });
    await listen();
    expect(engine.usage()).toMatchObject({ legs: 0, bridges: 0 });
  });
});
