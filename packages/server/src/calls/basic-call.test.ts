import { describe, expect, it } from "vitest";
import { createCallTestbench } from "./call-testbench.ts";

async function dialled(devices = 1) {
  const bench = await createCallTestbench();
  const own = bench.register("200");
  for (let device = 0; device < devices; device += 1)
    bench.register("201", { contactUri: `sip:201@127.0.0.1:${7000 + device}` });
  const callerLeg = bench.engine.call(own, "201");
  await bench.settle();
  const callId = String(bench.last("CALL_CREATED")["callId"]);
  return { ...bench, callerLeg, callId, legs: bench.ringingLegs() };
}

function first<T>(list: readonly T[]): T {
  const value = list[0];
  if (value === undefined) throw new Error("the list is empty");
  return value;
}

describe("a call dialled from a phone", () => {
  it("[C3] [C10] tells created, ringing, answered, ended with rising versions", async () => {
    const { engine, settle, callerLeg, callId, legs, typesOf, events, calls } = await dialled();
    engine.ring(first(legs));
    await settle();
    expect(engine.leg(callerLeg)?.state).toBe("ringing");
    engine.answer(first(legs));
    await settle();
    expect(engine.hears(callerLeg, first(legs))).toBe(true);
    engine.hangup(callerLeg);
    await settle();
    expect(typesOf(callId)).toEqual(["CALL_CREATED", "CALL_RINGING", "CALL_ANSWERED", "CALL_ENDED"]);
    const own = events.filter((event) => event.callId === callId);
    expect(own.map(({ data }) => data["version"])).toEqual([1, 2, 3, 4]);
    expect(own.map(({ data }) => data["state"])).toEqual(["initiated", "ringing", "answered", "ended"]);
    expect(own.every(({ data }) => data["threadId"] === callId)).toBe(true);
    expect(calls.registry.size).toBe(0);
    expect(engine.usage()).toMatchObject({ legs: 0, bridges: 0, playbacks: 0 });
  });

  it("[C11] is internal and names both parties from the directory, without a trunk", async () => {
    const { last } = await dialled();
    expect(last("CALL_CREATED")).toMatchObject({
      direction: "internal",
      caller: { number: "200", name: "Anna Schmidt" },
      callee: { number: "201", name: "Lisa Weber" },
    });
    expect(last("CALL_CREATED")).not.toHaveProperty("trunk");
  });

  it("[C10] [C12] several devices ring, it is told once; the first answer wins, the others are cancelled", async () => {
    const { engine, settle, callId, legs, typesOf } = await dialled(3);
    for (const leg of legs) engine.ring(leg);
    engine.answer(legs[1] ?? first(legs));
    await settle();
    expect(typesOf(callId)).toEqual(["CALL_CREATED", "CALL_RINGING", "CALL_ANSWERED"]);
    expect(engine.performed.filter((op) => op.op === "hangup")).toEqual([
      { op: "hangup", legId: legs[0], cause: "answered_elsewhere" },
      { op: "hangup", legId: legs[2], cause: "answered_elsewhere" },
    ]);
  });

  it("[C12] one busy device does not end it while another rings", async () => {
    const { engine, settle, callId, legs, typesOf, last } = await dialled(2);
    engine.ring(first(legs));
    engine.reject(legs[1] ?? first(legs), "busy", 486);
    await settle();
    expect(typesOf(callId)).toEqual(["CALL_CREATED", "CALL_RINGING"]);
    engine.reject(first(legs), "no_answer", 480);
    await settle();
    expect(last("CALL_ENDED")).toMatchObject({ hangupCause: "busy", hangupBy: "callee" });
  });

  it("[C12] a decline (603) speaks for the person and ends it on every device", async () => {
    const { engine, settle, legs, last } = await dialled(2);
    for (const leg of legs) engine.ring(leg);
    engine.reject(first(legs), "rejected", 603);
    await settle();
    expect(last("CALL_ENDED")).toMatchObject({ hangupCause: "rejected", hangupBy: "callee", sipCode: 603 });
    expect(engine.usage().legs).toBe(0);
  });

  it("[C10] a device that answers without ringing is told as ringing first", async () => {
    const { engine, settle, callId, legs, typesOf } = await dialled();
    engine.answer(first(legs));
    await settle();
    expect(typesOf(callId)).toEqual(["CALL_CREATED", "CALL_RINGING", "CALL_ANSWERED"]);
  });

  it("[C10] early media connects the voice before the answer", async () => {
    const { engine, settle, callerLeg, callId, legs, typesOf } = await dialled();
    engine.earlyMedia(first(legs));
    await settle();
    expect(engine.leg(callerLeg)?.state).toBe("early_media");
    expect(engine.hears(callerLeg, first(legs))).toBe(true);
    engine.answer(first(legs));
    await settle();
    expect(typesOf(callId)).toEqual(["CALL_CREATED", "CALL_RINGING", "CALL_ANSWERED"]);
    expect(engine.bridges()).toHaveLength(1);
  });

  it("[C14] the phases are whole seconds that sum to the life", async () => {
    const { engine, settle, scheduler, callerLeg, legs, last } = await dialled();
    scheduler.advance(2600);
    engine.ring(first(legs));
    scheduler.advance(2600);
    engine.answer(first(legs));
    await settle();
    scheduler.advance(10_700);
    engine.hold(callerLeg);
    scheduler.advance(3300);
    engine.unhold(callerLeg);
    scheduler.advance(800);
    engine.hangup(callerLeg);
    await settle();
    expect(last("CALL_ENDED")["durationSeconds"]).toBe(14);
    const phases = last("CALL_ENDED")["phases"] as Readonly<Record<string, number>>;
    expect(Object.values(phases).reduce((sum, value) => sum + value, 0)).toBe(20);
    expect(phases["holdSeconds"]).toBe(3);
  });

  it("[C20] a hold made at the phone is told, and the call is held until nobody holds", async () => {
    const { engine, settle, callerLeg, callId, legs, typesOf, last } = await dialled();
    engine.answer(first(legs));
    await settle();
    engine.hold(callerLeg);
    engine.hold(first(legs));
    engine.unhold(callerLeg);
    expect(last("CALL_HELD")).toMatchObject({ heldBy: { number: "201" }, state: "held" });
    engine.unhold(first(legs));
    await settle();
    expect(typesOf(callId).slice(3)).toEqual(["CALL_HELD", "CALL_HELD", "CALL_HELD", "CALL_UNHELD"]);
    expect(last("CALL_UNHELD")["state"]).toBe("answered");
  });

  it("[C50] a key press is told with its side", async () => {
    const { engine, settle, callerLeg, legs, last } = await dialled();
    engine.answer(first(legs));
    await settle();
    engine.press(callerLeg, "5");
    expect(last("CALL_DTMF")).toMatchObject({ digit: "5", source: "caller" });
  });
});

describe("[C13] hang-up causes", () => {
  const refusals = [
    ["busy", 486, "busy"],
    ["no_answer", 480, "no_answer"],
    ["rejected", 603, "rejected"],
    ["failed", 500, "failed"],
    ["media", 488, "failed"],
    ["no_response", 408, "timeout"],
  ] as const;
  it.each(refusals)("[C13] %s (%i) of the device is %s", async (cause, sipCode, expected) => {
    const { engine, settle, legs, last } = await dialled();
    engine.reject(first(legs), cause, sipCode);
    await settle();
    expect(last("CALL_ENDED")).toMatchObject({ hangupCause: expected, sipCode, durationSeconds: 0 });
  });

  it("[C13] the caller giving up is cancel by the caller", async () => {
    const { engine, settle, callerLeg, legs, last } = await dialled();
    engine.ring(first(legs));
    engine.hangup(callerLeg);
    await settle();
    expect(last("CALL_ENDED")).toMatchObject({ hangupCause: "cancel", hangupBy: "caller" });
    expect(engine.usage().legs).toBe(0);
  });

  it("[C13] nobody answers within the ring time: no_answer", async () => {
    const { engine, settle, scheduler, legs, last } = await dialled();
    engine.ring(first(legs));
    scheduler.advance(60_000);
    await settle();
    expect(last("CALL_ENDED")).toMatchObject({ hangupCause: "no_answer" });
  });

  it("[C13] the maximum duration is a timeout by the system", async () => {
    const { engine, settle, scheduler, legs, last } = await dialled();
    engine.answer(first(legs));
    await settle();
    scheduler.advance(4 * 3600_000);
    await settle();
    expect(last("CALL_ENDED")).toMatchObject({
      hangupCause: "timeout",
      hangupBy: "system",
      reason: "maximum_duration",
    });
    expect(engine.usage().legs).toBe(0);
  });

  it("[C13] no such number, nobody registered, do not disturb", async () => {
    const bench = await createCallTestbench();
    const own = bench.register("200");
    bench.engine.call(own, "999");
    expect(bench.last("CALL_ENDED")).toMatchObject({ hangupCause: "failed", reason: "no_such_number" });
    bench.engine.call(own, "202");
    expect(bench.last("CALL_ENDED")).toMatchObject({ hangupCause: "failed", reason: "extension_offline" });
    const quiet = await createCallTestbench({ dndEnabled: true });
    const other = quiet.register("200");
    quiet.register("201");
    quiet.engine.call(other, "201");
    expect(quiet.last("CALL_ENDED")).toMatchObject({ hangupCause: "rejected", reason: "do_not_disturb" });
  });

  it("[C13] an extension at its limit of calls is busy", async () => {
    const bench = await createCallTestbench({ maxConcurrentCalls: 1 });
    const [anna, lisa] = [bench.register("200"), bench.register("201")];
    bench.register("202");
    bench.engine.call(anna, "202");
    bench.engine.call(lisa, "202");
    expect(bench.last("CALL_ENDED")).toMatchObject({ hangupCause: "busy", reason: "callee_at_maximum_calls" });
    bench.engine.call(anna, "201");
    expect(bench.last("CALL_ENDED")).toMatchObject({ hangupCause: "busy", reason: "caller_at_maximum_calls" });
  });

  it("[C4] an engine that is lost ends every call once", async () => {
    const { engine, settle, callId, legs, typesOf, last } = await dialled();
    engine.answer(first(legs));
    await settle();
    engine.crash();
    await settle();
    expect(typesOf(callId).filter((type) => type === "CALL_ENDED")).toHaveLength(1);
    expect(last("CALL_ENDED")).toMatchObject({ hangupCause: "failed", hangupBy: "system", reason: "engine_lost" });
  });
});
