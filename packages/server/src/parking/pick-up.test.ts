import { describe, expect, it } from "vitest";
import { createTalkingBench } from "./parking-testbench.ts";

const idle = { legs: 0, bridges: 0, playbacks: 0 };
const idOf = (number: string): string => `10000000-0000-7000-8000-000000000${number}`;

/** 201 has parked 200 in 701. */
async function parked(each: Parameters<typeof createTalkingBench>[0] = {}) {
  const bench = await createTalkingBench(each);
  await bench.commands.park({ callId: bench.callId }, bench.as("201"));
  await bench.settle();
  return bench;
}

describe("a slot is dialled", () => {
  it("[C40] the phone is joined with the parked party: no call of its own, one event", async () => {
    const { engine, settle, phone, callerLeg, callId, last, since, events, calls } = await parked();
    const before = events.length;
    const leg = engine.call(phone("202"), "701");
    await settle();
    expect(events.slice(before).map(({ type, data }) => [type, data["callId"]])).toEqual([["CALL_UNPARKED", callId]]);
    expect(last("CALL_UNPARKED")).toMatchObject({
      parkingSlot: "701",
      pickedUpBy: { number: "202", extensionId: idOf("202") },
      reason: "picked_up",
      state: "answered",
      causedBy: { via: "phone" },
      call: { caller: { number: "200" }, callee: { number: "202" } },
    });
    expect(engine.hears(callerLeg, leg)).toBe(true);
    expect(engine.hears(leg, callerLeg)).toBe(true);
    expect(engine.hearsHoldMusic(callerLeg)).toBe(false);
    expect(engine.leg(leg)?.sees).toContainEqual({ kind: "party", number: "200" });
    expect(engine.leg(callerLeg)?.party).toMatchObject({ number: "202" });
    expect(calls.registry.countOf(idOf("202"))).toBe(1);
    engine.hangup(leg);
    await settle();
    expect(since()).toEqual(["CALL_PARKED", "CALL_UNPARKED", "CALL_ENDED"]);
    expect(last("CALL_ENDED")).toMatchObject({ hangupBy: "callee", callee: { number: "202" } });
    expect(engine.usage()).toMatchObject(idle);
  });

  it("[C40] of two phones that dial it the first has the call, the other hears that nothing is there", async () => {
    const { engine, settle, phone, callerLeg, since } = await parked();
    const first = engine.call(phone("202"), "701");
    const second = engine.call(phone("201"), "701");
    await settle();
    expect(engine.hears(callerLeg, first)).toBe(true);
    expect(engine.leg(second)?.sees.at(-1)).toMatchObject({ kind: "ended", sipCode: 404 });
    expect(since()).toEqual(["CALL_PARKED", "CALL_UNPARKED"]);
  });

  it("[C40] an empty slot is not found, and is no call on the wire", async () => {
    const { engine, settle, phone, events } = await parked();
    const before = events.length;
    const leg = engine.call(phone("202"), "702");
    await settle();
    expect(engine.leg(leg)?.sees.at(-1)).toMatchObject({ kind: "ended", sipCode: 404 });
    expect(events).toHaveLength(before);
  });

  it("[C40] nobody takes his own call, or more calls than he may have", async () => {
    const { engine, settle, phone, since } = await parked({ "202": { maxConcurrentCalls: 1 } });
    const own = engine.call(phone("200"), "701");
    await settle();
    expect(engine.leg(own)?.sees.at(-1)).toMatchObject({ kind: "ended", sipCode: 486 });
    engine.call(phone("202"), "201");
    const second = engine.call(phone("202"), "701");
    await settle();
    expect(engine.leg(second)?.sees.at(-1)).toMatchObject({ kind: "ended", sipCode: 486 });
    expect(since()).toEqual(["CALL_PARKED"]);
  });

  it("[C20] [C40] a phone that holds by itself in the slot still holds when it is picked up", async () => {
    const { engine, settle, phone, callerLeg, last, since } = await parked();
    engine.hold(callerLeg);
    const leg = engine.call(phone("202"), "701");
    await settle();
    expect(since()).toEqual(["CALL_PARKED", "CALL_UNPARKED", "CALL_HELD"]);
    expect(last("CALL_HELD")).toMatchObject({ heldBy: { number: "200" } });
    expect(engine.hearsHoldMusic(leg)).toBe(true);
    engine.unhold(callerLeg);
    await settle();
    expect(engine.hears(leg, callerLeg)).toBe(true);
  });
});

describe("pick up a slot by command", () => {
  it("[C43] rings the user's own phone with auto-answer and joins it; told as caused by the command", async () => {
    const { engine, commands, as, settle, register, callerLeg, callId, rung, last, since } = await parked();
    register("202", { answersAutomatically: true, contactUri: "sip:202@127.0.0.1:7000" });
    const answer = await commands.pickup({ parkingSlot: "701" }, as("202"));
    await settle();
    expect(answer).toMatchObject({ ok: true, data: { callId, status: "answered" } });
    expect(last("CALL_UNPARKED")).toMatchObject({
      pickedUpBy: { number: "202" },
      reason: "picked_up",
      causedBy: { via: "command", userId: "user-202", commandId: "c1" },
    });
    expect(since()).toEqual(["CALL_PARKED", "CALL_UNPARKED"]);
    expect(engine.leg(rung())?.isAutoAnswer).toBe(true);
    expect(engine.hears(callerLeg, rung())).toBe(true);
    expect(engine.legs()).toHaveLength(2);
  });

  it("[C43] a phone that does not answer by itself rings; its user picks up", async () => {
    const { engine, commands, as, settle, scheduler, callerLeg, callId, rung, since } = await parked();
    const answer = commands.pickup({ parkingSlot: "701" }, as("202"));
    await settle();
    engine.ring(rung());
    scheduler.advance(5000);
    expect(await answer).toMatchObject({ ok: true, data: { callId, status: "parked" } });
    expect(engine.leg(rung())?.caller).toMatchObject({ number: "200" });
    engine.answer(rung());
    await settle();
    expect(engine.hears(callerLeg, rung())).toBe(true);
    expect(since()).toEqual(["CALL_PARKED", "CALL_UNPARKED"]);
  });

  it("[C43] while it rings the slot is taken: other commands and phones are refused", async () => {
    const { engine, commands, as, settle, phone, since } = await parked();
    void commands.pickup({ parkingSlot: "701" }, as("202"));
    await settle();
    expect(await commands.pickup({ parkingSlot: "701" }, as("201"))).toMatchObject({
      error: { code: "INVALID_STATE", details: { reason: "being_picked_up", state: "parked" } },
    });
    const leg = engine.call(phone("201"), "701");
    await settle();
    expect(engine.leg(leg)?.sees.at(-1)).toMatchObject({ kind: "ended", sipCode: 486 });
    expect(since()).toEqual(["CALL_PARKED"]);
  });

  it("[C43] the phone refuses: the command says so, the call waits on with the time that it has left", async () => {
    const { engine, commands, as, settle, scheduler, rung, callerLeg, since } = await parked();
    scheduler.advance(100_000);
    const answer = commands.pickup({ parkingSlot: "701" }, as("202"));
    await settle();
    engine.reject(rung(), "busy", 486);
    expect(await answer).toMatchObject({ error: { code: "INVALID_STATE", details: { reason: "not_picked_up" } } });
    expect(since()).toEqual(["CALL_PARKED"]);
    expect(engine.hearsHoldMusic(callerLeg)).toBe(true);
    scheduler.advance(200_000);
    await settle();
    expect(since()).toEqual(["CALL_PARKED", "CALL_UNPARKED", "CALL_RINGING"]);
  });

  it("[C43] the time runs out while the phone rings: the call goes back only when nobody came", async () => {
    const { engine, commands, as, settle, scheduler, rung, since, last } = await parked();
    scheduler.advance(280_000);
    void commands.pickup({ parkingSlot: "701" }, as("202"));
    await settle();
    engine.ring(rung());
    scheduler.advance(20_000);
    await settle();
    expect(since()).toEqual(["CALL_PARKED"]);
    scheduler.advance(40_000);
    await settle();
    expect(since()).toEqual(["CALL_PARKED", "CALL_UNPARKED", "CALL_RINGING"]);
    expect(last("CALL_UNPARKED")).toMatchObject({ reason: "timeout" });
  });

  it("[C41] [C43] the parked party hangs up while the phone rings: it stops ringing, the command says why", async () => {
    const { engine, commands, as, settle, rung, callerLeg, since, calls } = await parked();
    const answer = commands.pickup({ parkingSlot: "701" }, as("202"));
    await settle();
    const leg = rung();
    engine.hangup(callerLeg);
    expect(await answer).toMatchObject({ error: { code: "INVALID_STATE", details: { state: "ended" } } });
    expect(engine.leg(leg)?.state).toBe("ended");
    expect(since()).toEqual(["CALL_PARKED", "CALL_ENDED"]);
    expect(calls.registry.countOf(idOf("202"))).toBe(0);
    expect(engine.usage()).toMatchObject(idle);
  });

  it("[C43] all phones of the user ring; the first has the call, the others stop as answered elsewhere", async () => {
    const { engine, commands, as, settle, register, ringingLegs } = await parked();
    register("202", { contactUri: "sip:202@127.0.0.1:7000" });
    const answer = commands.pickup({ parkingSlot: "701" }, as("202"));
    await settle();
    const [one, other] = ringingLegs().slice(-2);
    if (one === undefined || other === undefined) throw new Error("two phones should ring");
    engine.answer(one);
    await settle();
    expect(await answer).toMatchObject({ ok: true });
    expect(engine.leg(other)?.sees.at(-1)).toMatchObject({ isAnsweredElsewhere: true });
  });

  it("[C43] [W6] what stands against it is told by its code", async () => {
    const { engine, commands, as, settle, callId, phone, registrations } = await parked({
      "202": { maxConcurrentCalls: 1 },
    });
    const refusal = async (params: { parkingSlot?: string; callId?: string; extensionId?: string }, who = as("202")) =>
      ((await commands.pickup(params, who)) as { error?: { code: string } }).error?.code;
    expect(await refusal({ parkingSlot: "702" })).toBe("PARKING_SLOT_NOT_FOUND");
    expect(await refusal({ parkingSlot: "abc" })).toBe("PARKING_SLOT_NOT_FOUND");
    expect(await refusal({ parkingSlot: "701" }, as("200"))).toBe("INVALID_STATE");
    expect(await refusal({ parkingSlot: "701", extensionId: idOf("201") })).toBe("UNAUTHORIZED");
    expect(await refusal({ parkingSlot: "701", extensionId: "nobody" }, as("202", "all"))).toBe("INVALID_PARAMS");
    expect(await refusal({ callId: "00000000-0000-7000-8000-00000000ffff" })).toBe("CALL_NOT_FOUND");
    engine.call(phone("202"), "201");
    await settle();
    expect(await refusal({ callId })).toBe("ALREADY_IN_CALL");
    for (const { bindingId } of registrations.bindingsOf(idOf("201"))) engine.unregister(bindingId);
    expect(await refusal({ parkingSlot: "701" }, as("201"))).toBe("EXTENSION_OFFLINE");
  });

  it("[W40] a supervisor picks up for another's phone", async () => {
    const { commands, as, settle, register, last } = await parked();
    register("202", { answersAutomatically: true, contactUri: "sip:202@127.0.0.1:7000" });
    await commands.pickup({ parkingSlot: "701", extensionId: idOf("202") }, as("201", "all"));
    await settle();
    expect(last("CALL_UNPARKED")).toMatchObject({ pickedUpBy: { number: "202" } });
  });
});
