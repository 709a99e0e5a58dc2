import { describe, expect, it } from "vitest";
import { createTalkingBench } from "./parking-testbench.ts";

const idle = { legs: 0, bridges: 0, playbacks: 0 };

describe("park by command", () => {
  it("[C40] [C1] the other party waits in the lowest slot and hears music; the parking leg ends, the id stays", async () => {
    const { engine, commands, as, settle, scheduler, callId, callerLeg, calleeLeg, last, since } =
      await createTalkingBench();
    const expiresAt = new Date(scheduler.now() + 300_000).toISOString();
    const answer = await commands.park({ callId }, as("201"));
    expect(answer).toMatchObject({ ok: true, data: { callId, parkingSlot: "701", expiresAt } });
    await settle();
    expect(last("CALL_PARKED")).toMatchObject({
      callId,
      parkingSlot: "701",
      parkedBy: { number: "201" },
      parkedParty: { number: "200" },
      expiresAt,
      state: "parked",
      version: 4,
      causedBy: { via: "command" },
    });
    expect(since()).toEqual(["CALL_PARKED"]);
    expect(engine.leg(calleeLeg)?.state).toBe("ended");
    expect(engine.hearsHoldMusic(callerLeg)).toBe(true);
    expect(engine.usage()).toMatchObject({ legs: 1, bridges: 0 });
  });

  it("[C58] keys of who is parked are told, and of who waits for whom the call was passed on to", async () => {
    const { engine, commands, as, settle, callId, callerLeg, last } = await createTalkingBench();
    await commands.park({ callId }, as("201"));
    engine.press(callerLeg, "4");
    await settle();
    expect(last("CALL_DTMF")).toMatchObject({ callId, digit: "4", source: "caller", state: "parked" });
    const other = await createTalkingBench();
    await other.commands.transferBlind({ callId: other.callId, destination: "202" }, other.as("201"));
    await other.settle();
    other.engine.ring(other.rung());
    other.engine.press(other.callerLeg, "5");
    await other.settle();
    expect(other.last("CALL_DTMF")).toMatchObject({ digit: "5", source: "caller", state: "ringing" });
  });

  it("[C40] by the caller: the callee is parked", async () => {
    const { engine, commands, as, settle, callId, callerLeg, calleeLeg, last } = await createTalkingBench();
    await commands.park({ callId }, as("200"));
    await settle();
    expect(last("CALL_PARKED")).toMatchObject({ parkedBy: { number: "200" }, parkedParty: { number: "201" } });
    expect(engine.leg(callerLeg)?.state).toBe("ended");
    expect(engine.hearsHoldMusic(calleeLeg)).toBe(true);
  });

  it("[C20] [C40] a held call can be parked; the music goes on", async () => {
    const { engine, commands, as, settle, callId, callerLeg, last } = await createTalkingBench();
    await commands.hold({ callId }, as("201"));
    await commands.park({ callId }, as("201"));
    await settle();
    expect(last("CALL_PARKED")).toMatchObject({ state: "parked" });
    expect(engine.hearsHoldMusic(callerLeg)).toBe(true);
  });

  it("[C40] who has parked is in no call: the next one rings", async () => {
    const { engine, commands, as, settle, callId, calls, phone } = await createTalkingBench({
      "201": { maxConcurrentCalls: 1 },
    });
    await commands.park({ callId }, as("201"));
    expect(calls.registry.countOf("10000000-0000-7000-8000-000000000201")).toBe(0);
    const other = engine.call(phone("202"), "201");
    await settle();
    expect(engine.leg(other)?.state).not.toBe("ended");
  });

  it("[W40] a supervisor parks for a party; a stranger may not", async () => {
    const { commands, as, callId } = await createTalkingBench();
    expect(await commands.park({ callId }, as("202"))).toMatchObject({ error: { code: "UNAUTHORIZED" } });
    const extensionId = "10000000-0000-7000-8000-000000000201";
    expect(await commands.park({ callId, extensionId }, as("202", "all"))).toMatchObject({
      ok: true,
      data: { parkingSlot: "701" },
    });
    expect(await commands.park({ callId }, as("200"))).toMatchObject({
      error: { code: "INVALID_STATE", details: { state: "parked" } },
    });
    expect(await commands.hangup({ callId }, as("201"))).toMatchObject({ error: { code: "UNAUTHORIZED" } });
  });

  it("[C40] a wanted slot; one that is taken, that there is none of, and a full lot leave the call as it was", async () => {
    const bench = await createTalkingBench();
    const { engine, commands, as, settle, lots, phone, callerLeg, calleeLeg, callId, since } = bench;
    lots.splice(0, 1, { id: "small", name: "Small", firstSlot: 701, lastSlot: 701, timeoutSeconds: 60 });
    const second = engine.call(phone("202"), "200");
    await settle();
    engine.answer(bench.rung());
    await settle();
    const otherId = String(bench.last("CALL_CREATED")["callId"]);
    expect(await commands.park({ callId: otherId, parkingSlot: "701" }, as("202"))).toMatchObject({ ok: true });
    expect(await commands.park({ callId }, as("201"))).toMatchObject({ error: { code: "PARKING_FULL" } });
    expect(await commands.park({ callId, parkingSlot: "701" }, as("201"))).toMatchObject({
      error: { code: "INVALID_STATE", details: { reason: "slot_taken", state: "answered" } },
    });
    expect(await commands.park({ callId, parkingSlot: "799" }, as("201"))).toMatchObject({
      error: { code: "PARKING_SLOT_NOT_FOUND" },
    });
    expect(since()).toEqual([]);
    expect(engine.hears(callerLeg, calleeLeg)).toBe(true);
    expect(engine.leg(second)?.state).toBe("ended");
  });
});

describe("a call that is passed on to a slot", () => {
  it("[C45] by command: it is parked there", async () => {
    const { commands, as, callId, last, since } = await createTalkingBench();
    expect(await commands.transferBlind({ callId, destination: "705" }, as("201"))).toMatchObject({
      ok: true,
      data: { callId, status: "parked" },
    });
    expect(since()).toEqual(["CALL_PARKED"]);
    expect(last("CALL_PARKED")).toMatchObject({ parkingSlot: "705", parkedBy: { number: "201" } });
  });

  it("[C45] by the phone (REFER): it hears that it is done, then it is free", async () => {
    const { engine, settle, callerLeg, calleeLeg, last, since } = await createTalkingBench();
    const request = engine.transferBlind(calleeLeg, "705");
    await settle();
    expect(engine.transfer(request)).toMatchObject({ outcome: "done" });
    expect(since()).toEqual(["CALL_PARKED"]);
    expect(last("CALL_PARKED")).toMatchObject({ parkingSlot: "705", causedBy: { via: "phone" } });
    expect(engine.leg(calleeLeg)?.state).toBe("ended");
    expect(engine.hearsHoldMusic(callerLeg)).toBe(true);
  });

  it("[C45] to a taken slot: the phone is told busy, and both keep talking", async () => {
    const bench = await createTalkingBench();
    const { engine, commands, as, settle, phone, callId, since } = bench;
    await commands.park({ callId, parkingSlot: "705" }, as("201"));
    const second = engine.call(phone("202"), "201");
    await settle();
    const other = bench.rung();
    engine.answer(other);
    await settle();
    const request = engine.transferBlind(other, "705");
    await settle();
    expect(engine.transfer(request)).toMatchObject({ outcome: "busy" });
    expect(engine.hears(second, other)).toBe(true);
    expect(since()).toEqual(["CALL_PARKED"]);
  });

  it("[C45] a pick-up code takes no calls", async () => {
    const { commands, as, callId, since, engine, settle, calleeLeg } = await createTalkingBench();
    expect(await commands.transferBlind({ callId, destination: "**202" }, as("201"))).toMatchObject({
      error: { code: "NUMBER_NOT_REACHABLE" },
    });
    const request = engine.transferBlind(calleeLeg, "**202");
    await settle();
    expect(engine.transfer(request)).toMatchObject({ outcome: "not_found" });
    expect(since()).toEqual([]);
  });
});

describe("the end of parking", () => {
  it("[C41] the parked party hangs up: one end, the slot is free, and those who watch the slots are told", async () => {
    const { engine, commands, as, settle, scheduler, callId, callerLeg, calls, last, since, events } =
      await createTalkingBench();
    await commands.park({ callId }, as("201"));
    scheduler.advance(65_000);
    engine.hangup(callerLeg);
    await settle();
    expect(since()).toEqual(["CALL_PARKED", "CALL_ENDED"]);
    expect(last("CALL_ENDED")).toMatchObject({ hangupCause: "normal_clearing", hangupBy: "caller" });
    expect(last("CALL_ENDED")["phases"]).toMatchObject({ parkSeconds: 65 });
    expect(events.at(-1)?.audience.isParked).toBe(true);
    expect(calls.registry.inSlot("701")).toBeUndefined();
    expect(engine.usage()).toMatchObject(idle);
  });

  it("[C14] the phases add up over park, recall and the second talk", async () => {
    const { engine, commands, as, settle, scheduler, callId, callerLeg, rung, last } = await createTalkingBench();
    scheduler.advance(10_000);
    await commands.park({ callId }, as("201"));
    scheduler.advance(300_000);
    await settle();
    scheduler.advance(5_000);
    engine.answer(rung());
    await settle();
    scheduler.advance(20_000);
    engine.hangup(callerLeg);
    await settle();
    expect(last("CALL_ENDED")["phases"]).toEqual({
      ringSeconds: 5,
      queueSeconds: 0,
      talkSeconds: 30,
      holdSeconds: 0,
      parkSeconds: 300,
    });
  });

  it("[C41] after 300 s it goes back to who parked it, who takes it", async () => {
    const { engine, commands, as, settle, scheduler, callId, callerLeg, rung, last, since } =
      await createTalkingBench();
    await commands.park({ callId }, as("201"));
    scheduler.advance(299_999);
    expect(since()).toEqual(["CALL_PARKED"]);
    scheduler.advance(1);
    await settle();
    expect(last("CALL_UNPARKED")).toMatchObject({
      parkingSlot: "701",
      reason: "timeout",
      state: "ringing",
      causedBy: { via: "timer" },
    });
    expect(last("CALL_UNPARKED")["pickedUpBy"]).toBeUndefined();
    expect(last("CALL_RINGING")).toMatchObject({ recall: true, callee: { number: "201" }, caller: { number: "200" } });
    expect(engine.hearsHoldMusic(callerLeg)).toBe(false);
    expect(engine.hearsPlayback(callerLeg)).toMatchObject({ tone: "ringback" });
    engine.answer(rung());
    await settle();
    expect(engine.hears(callerLeg, rung())).toBe(true);
    expect(since()).toEqual(["CALL_PARKED", "CALL_UNPARKED", "CALL_RINGING", "CALL_ANSWERED"]);
    await commands.park({ callId }, as("201"));
    expect(last("CALL_PARKED")).toMatchObject({ parkingSlot: "701" });
  });

  it("[C42] nobody takes the recall: the call ends with park_timeout", async () => {
    const { engine, commands, as, settle, scheduler, callId, rung, last, calls } = await createTalkingBench();
    await commands.park({ callId }, as("201"));
    scheduler.advance(300_000);
    await settle();
    engine.ring(rung());
    scheduler.advance(60_000);
    await settle();
    expect(last("CALL_ENDED")).toMatchObject({ hangupCause: "no_answer", reason: "park_timeout" });
    expect(calls.registry.size).toBe(0);
    expect(engine.usage()).toMatchObject(idle);
  });

  it("[C42] who parked has no phone any more: the call ends with park_timeout at once", async () => {
    const { engine, commands, as, settle, scheduler, callId, since, last, registrations } = await createTalkingBench();
    await commands.park({ callId }, as("201"));
    for (const { bindingId } of registrations.bindingsOf("10000000-0000-7000-8000-000000000201")) {
      engine.unregister(bindingId);
    }
    scheduler.advance(300_000);
    await settle();
    expect(since()).toEqual(["CALL_PARKED", "CALL_UNPARKED", "CALL_ENDED"]);
    expect(last("CALL_ENDED")).toMatchObject({ reason: "park_timeout" });
    expect(engine.usage()).toMatchObject(idle);
  });

  it("[C4] [C41] the engine is lost: one end, the slot is free, no timer stays", async () => {
    const { engine, commands, as, settle, scheduler, callId, calls, since, last } = await createTalkingBench();
    await commands.park({ callId }, as("201"));
    engine.crash();
    await settle();
    expect(since()).toEqual(["CALL_PARKED", "CALL_ENDED"]);
    expect(last("CALL_ENDED")).toMatchObject({ hangupCause: "failed", hangupBy: "system", reason: "engine_lost" });
    expect(calls.registry.inSlot("701")).toBeUndefined();
    scheduler.advance(400_000);
    expect(since()).toHaveLength(2);
  });

  it("[C41] a supervisor ends a parked call; the parked party's user may too, but not reject it", async () => {
    const { commands, as, callId, last } = await createTalkingBench();
    await commands.park({ callId }, as("201"));
    expect(await commands.reject({ callId }, as("200"))).toMatchObject({ error: { code: "INVALID_STATE" } });
    expect(await commands.hangup({ callId }, as("202", "all"))).toMatchObject({ ok: true });
    expect(last("CALL_ENDED")).toMatchObject({ hangupCause: "normal_clearing", hangupBy: "system" });
  });
});
