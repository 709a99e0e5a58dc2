import { describe, expect, it } from "vitest";
import { asked, expectNothingLeft } from "../calls/consult-testbench.ts";
import { newestLeg } from "../calls/newest-leg.ts";

/** 200 talked with 201, who asked 202: 201 brings all three together. */
async function merged() {
  const bench = await asked();
  const answer = await bench.commands.conferenceMerge(bench.pair, bench.as("201"));
  if (!answer.ok) throw new Error(answer.error.message);
  await bench.settle();
  const { conferenceId, callId: ownCallId } = answer.data;
  const hears = (): readonly string[] =>
    [bench.served, bench.actor, bench.target].map((listener) =>
      [bench.served, bench.actor, bench.target]
        .flatMap((speaker, at) => (bench.engine.hears(listener, speaker) ? [at] : []))
        .join(" "),
    );
  return { ...bench, answer, conferenceId, ownCallId, hears };
}

describe("a conference made of two calls", () => {
  it("[V25] all three hear each other; both calls keep their ids, the phone in the middle gets a call of its own", async () => {
    const { hears, callId, consultCallId, ownCallId, typesOf, events, conferenceId, answer, calls, last } =
      await merged();
    expect(hears()).toEqual(["1 2", "0 2", "0 1"]);
    const told = events.slice(events.findIndex(({ data }) => data["callId"] === ownCallId));
    expect(told.map(({ type, data }) => [type, data["callId"] ?? data["conferenceId"]])).toEqual([
      ["CALL_CREATED", ownCallId],
      ["CALL_RINGING", ownCallId],
      ["CALL_ANSWERED", ownCallId],
      ...[callId, consultCallId].flatMap((id) => [
        ["CALL_TRANSFERRED", id],
        ["CALL_RINGING", id],
        ["CALL_ANSWERED", id],
      ]),
      ["CONFERENCE_STARTED", conferenceId],
      ["CONFERENCE_PARTICIPANT_JOINED", ownCallId],
      ["CONFERENCE_PARTICIPANT_JOINED", callId],
      ["CONFERENCE_PARTICIPANT_JOINED", consultCallId],
    ]);
    expect(last("CALL_TRANSFERRED")).toMatchObject({
      callId: consultCallId,
      transferType: "attended",
      transferredBy: { number: "201" },
      caller: { number: "202" },
      callee: { number: "", name: "Conference of Lisa Weber" },
      consultCallId: callId,
    });
    expect(last("CALL_ANSWERED")).toMatchObject({ conferenceId, state: "answered" });
    expect(last("CONFERENCE_STARTED")).toMatchObject({ startedBy: { userId: "user-201", name: "Lisa Weber" } });
    expect(last("CONFERENCE_STARTED")).not.toHaveProperty("number");
    expect(answer.seq).toBe(events.length);
    expect(calls.registry.get(ownCallId)).toMatchObject({ threadId: calls.registry.get(callId)?.threadId });
    expect(typesOf(callId)).not.toContain("CALL_ENDED");
  });

  it("[V25] [C62] who had muted himself stays so, until he is heard in the conference again", async () => {
    const bench = await asked();
    await bench.commands.mute({ callId: bench.consultCallId }, bench.as("201"));
    const answer = await bench.commands.conferenceMerge(bench.pair, bench.as("201"));
    if (!answer.ok) throw new Error(answer.error.message);
    await bench.settle();
    const { conferenceId, callId } = answer.data;
    const joined = bench.events.filter(({ type }) => type === "CONFERENCE_PARTICIPANT_JOINED").map(({ data }) => data);
    expect(joined.map((data) => [data["callId"] === callId, data["isMuted"]])).toEqual([
      [true, true],
      [false, false],
      [false, false],
    ]);
    expect(bench.engine.hears(bench.served, bench.actor)).toBe(false);
    const participantId = String(joined[0]?.["participantId"]);
    await bench.commands.conferenceUnmute({ conferenceId, participantId }, bench.as("201"));
    await bench.settle();
    expect(bench.engine.hears(bench.served, bench.actor)).toBe(true);
  });

  it("[V25] who made it may leave: the two others go on; it is over when one of them is alone, who hears so", async () => {
    const bench = await merged();
    const { engine, actor, served, target, settle, hears, events, ownCallId, callId, consultCallId, last } = bench;
    engine.hangup(actor);
    await settle();
    expect(hears()).toEqual(["2", "", "0"]);
    expect(last("CONFERENCE_PARTICIPANT_LEFT")).toMatchObject({ displayName: "Lisa Weber", reason: "left" });
    engine.hangup(served);
    await settle();
    expect(last("CONFERENCE_ENDED")).toMatchObject({ reason: "last_left", totalParticipants: 3 });
    const spoken = engine.hearsPlayback(target);
    expect(spoken).toMatchObject({ path: expect.stringContaining("conference-ended") });
    const played = engine.performed.findLast((one) => one.op === "play" && one.legId === target);
    if (played?.op === "play") engine.finishPlayback(played.playbackId);
    await settle();
    const ends = events.filter(({ type }) => type === "CALL_ENDED").map(({ data }) => [data["callId"], data["reason"]]);
    expect(ends).toEqual([
      [ownCallId, undefined],
      [callId, undefined],
      [consultCallId, "conference_ended"],
    ]);
    await expectNothingLeft(bench);
  });

  it("[V25] who made it moderates: mutes, removes, ends it for all", async () => {
    const bench = await merged();
    const { commands, as, conferenceId, hears, engine, served, last, conferences } = bench;
    const [, first] = conferences.get(conferenceId)?.participants ?? [];
    const about = { conferenceId, participantId: first?.participantId ?? "" };
    expect(await commands.conferenceMute(about, as("201"))).toMatchObject({ ok: true });
    expect(engine.hears(bench.actor, served)).toBe(false);
    expect(await commands.conferenceMute(about, as("202"))).toMatchObject({ error: { code: "UNAUTHORIZED" } });
    expect(await commands.conferenceEnd({ conferenceId }, as("201"))).toMatchObject({ ok: true });
    expect(last("CONFERENCE_ENDED")).toMatchObject({ reason: "ended_by_moderator" });
    expect(hears()).toEqual(["", "", ""]);
    expect(await commands.conferenceEnd({ conferenceId }, as("201"))).toMatchObject({
      error: { code: "CONFERENCE_NOT_FOUND" },
    });
  });

  it("[V25] a phone with two connections keeps the one that it talks on; the held one is hung up", async () => {
    const bench = await asked();
    const { engine, settle, commands, as, calls, register, callId } = bench;
    await commands.cancelTransfer(bench.pair, as("201"));
    await settle();
    engine.hold(bench.actor);
    await settle();
    const second = engine.call(register("201"), "203");
    await settle();
    const target = newestLeg(bench.ringingLegs());
    engine.answer(target);
    await settle();
    const consultCallId = String(bench.last("CALL_CREATED")["callId"]);
    expect(await commands.conferenceMerge({ callId, consultCallId }, as("201"))).toMatchObject({ ok: true });
    await settle();
    expect(engine.leg(bench.actor)?.state).toBe("ended");
    expect(engine.hears(second, bench.served) && engine.hears(second, target)).toBe(true);
    expect(engine.hears(bench.served, target)).toBe(true);
    for (const leg of [second, bench.served, target]) engine.hangup(leg);
    await expectNothingLeft(bench);
    expect(calls.registry.size).toBe(0);
  });

  it("[V25] one more comes in by the same command, with the own call and the next one", async () => {
    const bench = await merged();
    const { engine, settle, register, commands, as, ownCallId, conferenceId, last } = bench;
    const line = engine.call(register("201"), "203");
    await settle();
    const target = newestLeg(bench.ringingLegs());
    engine.answer(target);
    await settle();
    const consultCallId = String(last("CALL_CREATED")["callId"]);
    const answer = await commands.conferenceMerge({ callId: ownCallId, consultCallId }, as("201"));
    expect(answer).toMatchObject({ ok: true, data: { conferenceId, callId: ownCallId } });
    await settle();
    expect(engine.hears(target, bench.served) && engine.hears(bench.actor, target)).toBe(true);
    expect(engine.leg(line)?.state).toBe("ended");
    expect(last("CONFERENCE_PARTICIPANT_JOINED")).toMatchObject({ currentParticipantCount: 4, callId: consultCallId });
  });

  it("[V25] [W40] is refused to others, of one call, and while one of them rings", async () => {
    const { commands, pair, as, callId } = await asked();
    expect(await commands.conferenceMerge(pair, as("205"))).toMatchObject({ error: { code: "UNAUTHORIZED" } });
    expect(await commands.conferenceMerge({ callId, consultCallId: callId }, as("201"))).toMatchObject({
      error: { code: "INVALID_STATE", details: { reason: "same_call" } },
    });
  });

  it("[V24] a call in a conference is told by its own rights: what cannot be done there says what can", async () => {
    const { commands, as, ownCallId } = await merged();
    const about = { callId: ownCallId };
    for (const run of [
      commands.hold(about, as("201")),
      commands.park(about, as("201")),
      commands.consult({ ...about, to: "203" }, as("201")),
      commands.transferBlind({ ...about, destination: "203" }, as("201")),
      commands.mute(about, as("201")),
    ]) {
      expect(await run).toMatchObject({
        error: {
          code: "INVALID_STATE",
          message: expect.stringContaining("conferenceMute"),
          details: { reason: "in_conference" },
        },
      });
    }
  });
});
