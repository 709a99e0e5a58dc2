import { describe, expect, it } from "vitest";
import { createConferenceBench } from "./conference-testbench.ts";

const idle = { legs: 0, bridges: 0, playbacks: 0 };

describe("a conference that phones dial", () => {
  it("[V2] begins with the first one, everybody hears everybody, ends with the last one", async () => {
    const { dial, listen, engine, settle, told, joined, last, scheduler } = await createConferenceBench();
    const anna = await dial("200");
    expect(last("CONFERENCE_STARTED")).toMatchObject({
      conferenceId: "room",
      name: "Team Meeting",
      number: "400",
      startedBy: { userId: "user-200", name: "Anna Schmidt" },
    });
    await listen();
    const lisa = await dial("201");
    const tom = await dial("202");
    expect(joined(2)).toMatchObject({
      conferenceId: "room",
      displayName: "Tom Müller",
      number: "202",
      isModerator: false,
      isMuted: false,
      currentParticipantCount: 3,
    });
    for (const listener of [anna, lisa, tom]) {
      for (const speaker of [anna, lisa, tom]) {
        expect(engine.hears(listener, speaker)).toBe(listener !== speaker);
      }
    }
    scheduler.advance(61_000);
    for (const leg of [anna, lisa, tom]) engine.hangup(leg);
    await settle();
    expect(told()).toEqual([
      "STARTED",
      ...Array<string>(3).fill("PARTICIPANT_JOINED"),
      ...Array<string>(3).fill("PARTICIPANT_LEFT"),
      "ENDED",
    ]);
    expect(last("CONFERENCE_PARTICIPANT_LEFT")).toMatchObject({
      participantId: joined(2)["participantId"],
      reason: "left",
      currentParticipantCount: 0,
    });
    expect(last("CONFERENCE_ENDED")).toMatchObject({
      conferenceId: "room",
      durationSeconds: 61,
      totalParticipants: 3,
      reason: "last_left",
    });
    expect(engine.usage()).toMatchObject(idle);
  });

  it("[C1] [C4] [V2] who joins is in a call of his own with the conference", async () => {
    const { dial, typesOf, last, engine, settle } = await createConferenceBench();
    const leg = await dial("200");
    const callId = String(last("CALL_CREATED")["callId"]);
    expect(last("CALL_ANSWERED")).toMatchObject({
      callId,
      answeredBy: { number: "400", name: "Team Meeting" },
      state: "answered",
    });
    expect(last("CONFERENCE_PARTICIPANT_JOINED")).toMatchObject({ callId });
    engine.hangup(leg);
    await settle();
    expect(typesOf(callId)).toEqual(["CALL_CREATED", "CALL_RINGING", "CALL_ANSWERED", "CALL_ENDED"]);
    expect(last("CALL_ENDED")).toMatchObject({ hangupCause: "normal_clearing", hangupBy: "caller" });
  });

  it("[V2] [C4] whose phone is lost leaves by `timeout`; with the engine everybody, and the conference has its one end", async () => {
    const { dial, engine, settle, told, last } = await createConferenceBench();
    await dial("200");
    await dial("201");
    engine.crash();
    await settle();
    expect(told().slice(3)).toEqual(["PARTICIPANT_LEFT", "PARTICIPANT_LEFT", "ENDED"]);
    expect(last("CONFERENCE_PARTICIPANT_LEFT")).toMatchObject({ reason: "timeout" });
  });

  it("[V2] who is alone hears so, until somebody comes", async () => {
    const { dial, hears } = await createConferenceBench();
    const anna = await dial("200");
    expect(hears(anna)).toBe("conference-alone");
    await dial("201");
    expect(hears(anna)).toBeUndefined();
  });

  it("[V2] a full conference lets nobody in, and says so", async () => {
    const { dial, hears, listen, engine, last, told } = await createConferenceBench({ maxParticipants: 1 });
    await dial("200");
    const lisa = await dial("201");
    expect(hears(lisa)).toBe("conference-full");
    await listen();
    expect(last("CALL_ENDED")).toMatchObject({ hangupBy: "system", reason: "conference_full" });
    expect(engine.leg(lisa)?.state).toBe("ended");
    expect(told()).toEqual(["STARTED", "PARTICIPANT_JOINED"]);
  });
});

describe("the door of a conference", () => {
  const pins = { pin: "1234", moderatorPin: "9876" };

  it("[V20] asks for the PIN; a wrong one is asked again, the right one lets in", async () => {
    const { dial, press, hears, listen, told, last } = await createConferenceBench(pins);
    const anna = await dial("200");
    expect(hears(anna)).toBe("conference-enter-pin");
    await press(anna, "1111#");
    expect(hears(anna)).toBe("conference-wrong-pin");
    expect(told()).toEqual([]);
    await listen();
    await press(anna, "12*1234#");
    expect(told()).toEqual(["STARTED", "PARTICIPANT_JOINED"]);
    expect(last("CONFERENCE_PARTICIPANT_JOINED")).toMatchObject({ isModerator: false });
  });

  it("[V20] the moderator's PIN makes a moderator", async () => {
    const { dial, press, last } = await createConferenceBench(pins);
    await press(await dial("200"), "9876#");
    expect(last("CONFERENCE_PARTICIPANT_JOINED")).toMatchObject({ isModerator: true });
  });

  it("[V20] after three wrong ones the call ends; nothing of the keys is in any event", async () => {
    const { dial, press, listen, told, last, events } = await createConferenceBench(pins);
    const anna = await dial("200");
    for (const wrong of ["1#", "4242#", "12345#"]) await press(anna, wrong);
    await listen();
    expect(last("CALL_ENDED")).toMatchObject({ hangupBy: "system", reason: "conference_wrong_pin" });
    expect(told()).toEqual([]);
    expect(JSON.stringify(events)).not.toMatch(/CALL_DTMF|4242/);
  });

  it("[V20] who presses nothing is asked three times, then sent away", async () => {
    const { dial, scheduler, settle, listen, last } = await createConferenceBench(pins);
    await dial("200");
    for (let wait = 0; wait < 3; wait += 1) {
      scheduler.advance(10_000);
      await settle();
    }
    await listen();
    expect(last("CALL_ENDED")).toMatchObject({ reason: "conference_wrong_pin" });
  });

  it("[V20] a user who moderates the room is not asked", async () => {
    const { dial, last } = await createConferenceBench({ ...pins, moderatorUserIds: ["user-201"] });
    await dial("201");
    expect(last("CONFERENCE_PARTICIPANT_JOINED")).toMatchObject({ isModerator: true });
  });

  it("[V20] without a PIN for all the hash key lets in as participant", async () => {
    const { dial, press, last } = await createConferenceBench({ moderatorPin: "9876" });
    await press(await dial("200"), "#");
    expect(last("CONFERENCE_PARTICIPANT_JOINED")).toMatchObject({ isModerator: false });
  });

  it("[C4] who hangs up at the door was never in the conference", async () => {
    const { dial, engine, settle, told, last } = await createConferenceBench(pins);
    engine.hangup(await dial("200"));
    await settle();
    expect(last("CALL_ENDED")).toMatchObject({ hangupBy: "caller" });
    expect(told()).toEqual([]);
    expect(engine.usage()).toMatchObject(idle);
  });
});

describe("the keys of a phone in a conference", () => {
  it("[V21] *1 mutes the own voice and unmutes it", async () => {
    const { dial, press, listen, engine, last } = await createConferenceBench();
    const [anna, lisa] = [await dial("200"), await dial("201")];
    await press(anna, "*1");
    expect(last("CONFERENCE_PARTICIPANT_MUTED")).toMatchObject({
      isSelfMute: true,
      mutedBy: { displayName: "Anna Schmidt" },
    });
    expect(engine.hears(lisa, anna)).toBe(false);
    await listen();
    await press(anna, "*1");
    expect(last("CONFERENCE_PARTICIPANT_UNMUTED")).toMatchObject({ isSelfUnmute: true });
    expect(engine.hears(lisa, anna)).toBe(true);
  });

  it("[V21] a moderator locks by *2, and ends it for all by *9; nobody else does", async () => {
    const { dial, press, hears, listen, told, last, engine } = await createConferenceBench({
      moderatorUserIds: ["user-200"],
    });
    const [anna, lisa] = [await dial("200"), await dial("201")];
    await press(lisa, "*9*2");
    expect(told()).toEqual(["STARTED", "PARTICIPANT_JOINED", "PARTICIPANT_JOINED"]);
    await press(anna, "*2");
    expect(last("CONFERENCE_LOCKED")).toMatchObject({
      conferenceId: "room",
      lockedBy: { displayName: "Anna Schmidt" },
    });
    const tom = await dial("202");
    expect(hears(tom)).toBe("conference-locked");
    await listen();
    expect(last("CALL_ENDED")).toMatchObject({ reason: "conference_locked" });
    await press(anna, "*9");
    expect(last("CONFERENCE_ENDED")).toMatchObject({
      reason: "ended_by_moderator",
      totalParticipants: 2,
      endedBy: { userId: "user-200", name: "Anna Schmidt" },
    });
    expect(told().slice(3)).toEqual(["LOCKED", "PARTICIPANT_LEFT", "PARTICIPANT_LEFT", "ENDED"]);
    expect(hears(lisa)).toBe("conference-ended");
    await listen();
    expect(engine.usage()).toMatchObject(idle);
  });
});
