import type { LegId } from "@pbx-x/telephony";
import { describe, expect, it } from "vitest";
import { expectNothingLeft, talking } from "../calls/consult-testbench.ts";
import { type ConferenceRoom, defaultRoom } from "./conference-room.ts";

/** 203 is in the room; 200 talks with 201, who may bring him there. */
async function talkingBesideRoom(changes: Partial<ConferenceRoom> = {}) {
  const bench = await talking();
  bench.rooms.push({ ...defaultRoom, id: "room", number: "400", name: "Team Meeting", ...changes });
  const { engine, settle, served, actor } = bench;
  const dial = async (number: string): Promise<LegId> => {
    const leg = engine.call(bench.register(number), "400");
    await settle();
    return leg;
  };
  const sitting = await dial("203");
  const hears = (listener: LegId): string =>
    Object.entries({ served, actor, sitting })
      .flatMap(([name, speaker]) => (engine.hears(listener, speaker) ? [name] : []))
      .join(" ");
  return { ...bench, sitting, dial, hears };
}

/** 201 has asked in the room, by command. */
async function askedInRoom(changes: Partial<ConferenceRoom> = {}) {
  const bench = await talkingBesideRoom(changes);
  const { callId, commands, as, settle } = bench;
  const answer = await commands.consult({ callId, to: "400" }, as("201"));
  if (!answer.ok) throw new Error(answer.error.message);
  await settle();
  const consultCallId = answer.data.callId;
  return { ...bench, consultCallId, pair: { callId, consultCallId } };
}

describe("asking in a room, and passing the call on to it", () => {
  it("[V27] [C32] by command: the served party takes the place, in one batch; nobody is alone in between", async () => {
    const bench = await askedInRoom();
    const { engine, commands, as, settle, served, actor, sitting, callId, consultCallId, pair, events, hears } = bench;
    expect([hears(actor), hears(sitting), hears(served)]).toEqual(["sitting", "actor", ""]);
    expect(engine.hearsHoldMusic(served)).toBe(true);
    const before = events.length;
    const answer = await commands.transferAttended(pair, as("201"));
    expect(answer).toMatchObject({ ok: true, data: { callId, status: "answered" } });
    await settle();
    const batch = events.slice(before);
    expect(batch.map(({ type, data }) => [type, data["callId"]])).toEqual([
      ["CALL_TRANSFERRED", callId],
      ["CALL_ENDED", consultCallId],
      ["CALL_ANSWERED", callId],
      ["CONFERENCE_PARTICIPANT_JOINED", callId],
      ["CONFERENCE_PARTICIPANT_LEFT", undefined],
    ]);
    expect(batch.map(({ data }) => data)).toMatchObject([
      { transferType: "attended", transferTarget: { number: "400", name: "Team Meeting" }, consultCallId },
      { reason: "merged", mergedInto: callId },
      { answeredBy: { number: "400" }, conferenceId: "room", state: "answered" },
      { displayName: "Anna Schmidt", currentParticipantCount: 3 },
      { displayName: "Lisa Weber", reason: "left", currentParticipantCount: 2 },
    ]);
    expect([hears(served), hears(sitting)]).toEqual(["sitting", "served"]);
    expect(engine.hearsHoldMusic(served)).toBe(false);
    expect(engine.leg(actor)?.state).toBe("ended");
    engine.hangup(served);
    engine.hangup(sitting);
    await expectNothingLeft(bench);
    expect(events.filter(({ type }) => type === "CONFERENCE_ENDED")).toHaveLength(1);
  });

  it("[V27] [C35] the phone hangs up in the room: it has passed the call on", async () => {
    const bench = await askedInRoom();
    const { engine, settle, actor, served, sitting, callId, hears, last } = bench;
    engine.hangup(actor);
    await settle();
    expect(last("CALL_TRANSFERRED")).toMatchObject({ callId, transferType: "attended", causedBy: { via: "phone" } });
    expect([hears(served), hears(sitting)]).toEqual(["sitting", "served"]);
    expect(last("CONFERENCE_PARTICIPANT_LEFT")).toMatchObject({ displayName: "Lisa Weber", reason: "left" });
    engine.hangup(sitting);
    engine.hangup(served);
    await expectNothingLeft(bench);
  });

  it("[V27] the only one in the room passes his place on: it is the same conference", async () => {
    const bench = await askedInRoom();
    const { engine, commands, as, settle, served, sitting, pair, events } = bench;
    engine.hangup(sitting);
    await settle();
    expect(await commands.transferAttended(pair, as("201"))).toMatchObject({ ok: true });
    await settle();
    expect(events.filter(({ type }) => type === "CONFERENCE_STARTED")).toHaveLength(1);
    expect(events.map(({ type }) => type)).not.toContain("CONFERENCE_ENDED");
    engine.hangup(served);
    await expectNothingLeft(bench);
  });

  it("[V27] a full room has room for who takes a place", async () => {
    const bench = await askedInRoom({ maxParticipants: 2 });
    const { commands, as, settle, served, pair, hears } = bench;
    expect(await commands.transferAttended(pair, as("201"))).toMatchObject({ ok: true });
    await settle();
    expect(hears(served)).toBe("sitting");
  });

  it("[V27] [V20] who was let in by PIN lets in; at the door the one who comes is asked himself", async () => {
    const inside = await askedInRoom({ pin: "12" });
    const { engine, settle, commands, as, pair, hears } = inside;
    for (const key of "12#") engine.press(inside.sitting, key);
    await settle();
    for (const key of "12#") engine.press(inside.actor, key);
    await settle();
    await commands.transferAttended(pair, as("201"));
    await settle();
    expect(hears(inside.served)).toBe("sitting");

    const outside = await askedInRoom({ pin: "12" });
    for (const key of "12#") outside.engine.press(outside.sitting, key);
    await outside.commands.transferAttended(outside.pair, outside.as("201"));
    await outside.settle();
    expect(outside.hears(outside.served)).toBe("");
    for (const key of "12#") outside.engine.press(outside.served, key);
    await outside.settle();
    expect(outside.hears(outside.served)).toBe("sitting");
    expect(outside.events.map(({ type }) => type)).not.toContain("CONFERENCE_PARTICIPANT_LEFT");
  });

  it("[V27] a locked room takes nobody in a place; the calls stay as they are", async () => {
    const bench = await askedInRoom();
    const { commands, as, calls, pair, callId, consultCallId, engine, actor, settle, served } = bench;
    bench.conferences.lock("room", true, { displayName: "Max" }, { via: "command" });
    expect(await commands.transferAttended(pair, as("201"))).toMatchObject({
      ok: false,
      error: { code: "INVALID_STATE", details: { reason: "conference_locked" } },
    });
    expect([callId, consultCallId].map((id) => calls.registry.get(id)?.stage.at)).toEqual(["connected", "conference"]);
    engine.hangup(actor);
    await settle();
    expect(engine.leg(served)?.state).toBe("ended");
  });

  it("[V28] [V27] the last moderator of a room that ends without one passes nobody on before another is one", async () => {
    const { commands, as, pair, settle, events, served, hears } = await askedInRoom({
      moderatorUserIds: ["user-201"],
      endsWithoutModerator: true,
    });
    expect(await commands.transferAttended(pair, as("201"))).toMatchObject({
      error: { code: "INVALID_STATE", details: { reason: "last_moderator" } },
    });
    const sitting = events.find(({ type }) => type === "CONFERENCE_PARTICIPANT_JOINED")?.data["participantId"];
    await commands.conferencePromote({ conferenceId: "room", participantId: String(sitting) }, as("201"));
    expect(await commands.transferAttended(pair, as("201"))).toMatchObject({ ok: true });
    await settle();
    expect(hears(served)).toBe("sitting");
  });

  it("[V27] [C33] cancelTransfer leaves the room, and both talk again", async () => {
    const bench = await askedInRoom();
    const { commands, as, settle, served, actor, callId, pair, hears, last, engine, sitting } = bench;
    expect(await commands.cancelTransfer(pair, as("201"))).toMatchObject({ data: { callId, status: "answered" } });
    await settle();
    expect([hears(served), hears(actor)]).toEqual(["actor", "served"]);
    expect(last("CONFERENCE_PARTICIPANT_LEFT")).toMatchObject({ displayName: "Lisa Weber", reason: "left" });
    engine.hangup(served);
    engine.hangup(sitting);
    await expectNothingLeft(bench);
  });

  it("[V27] [V24] the phone's one connection is not taken out of the room and back", async () => {
    const { commands, as, callId, pair } = await askedInRoom();
    const refused = { ok: false, error: { code: "INVALID_STATE", details: { reason: "in_conference" } } };
    expect(await commands.swap(pair, as("201"))).toMatchObject(refused);
    expect(await commands.unhold({ callId }, as("201"))).toMatchObject(refused);
  });

  it("[V27] [V25] conferenceMerge brings the held party in, and the phone that asked stays", async () => {
    const bench = await askedInRoom();
    const { commands, as, settle, served, actor, sitting, callId, consultCallId, hears, engine, last } = bench;
    const params = { callId: consultCallId, consultCallId: callId };
    expect(await commands.conferenceMerge(params, as("201"))).toMatchObject({ ok: true });
    await settle();
    expect([hears(served), hears(actor), hears(sitting)]).toEqual(["actor sitting", "served sitting", "served actor"]);
    engine.hangup(actor);
    await settle();
    expect(last("CONFERENCE_PARTICIPANT_LEFT")).toMatchObject({ displayName: "Lisa Weber", reason: "left" });
    engine.hangup(served);
    engine.hangup(sitting);
    await expectNothingLeft(bench);
  });

  it.each([
    ["in the served call", true],
    ["in the room", false],
  ])("[V27] [C39] a phone with a connection of its own in each asks for it, %s", async (_, isServed) => {
    const bench = await talkingBesideRoom();
    const { engine, settle, actor, served, sitting, callId, hears, last } = bench;
    engine.hold(actor);
    const second = await bench.dial("201");
    const [from, to] = isServed ? [actor, second] : [second, actor];
    const requestId = engine.transferAttended(from, to);
    await settle();
    expect(engine.transfer(requestId)).toMatchObject({ outcome: "done" });
    expect(last("CALL_TRANSFERRED")).toMatchObject({ callId, transferTarget: { number: "400" } });
    expect([hears(served), hears(sitting)]).toEqual(["sitting", "served"]);
    expect([actor, second].map((leg) => engine.leg(leg)?.state)).toEqual(["ended", "ended"]);
    engine.hangup(served);
    engine.hangup(sitting);
    await expectNothingLeft(bench);
  });
});
