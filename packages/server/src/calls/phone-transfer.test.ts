import type { BindingId, LegId } from "@pbx-x/telephony";
import { describe, expect, it } from "vitest";
import { createCallTestbench } from "./call-testbench.ts";

/** 200 called 201, whose phone holds the call and has called 202 on another line. */
async function onTwoLines(isAnswered = true) {
  const bench = await createCallTestbench();
  const bindings = new Map<string, BindingId>();
  for (const number of ["200", "201", "202", "203"]) bindings.set(number, bench.register(number));
  const bindingOf = (number: string): BindingId => bindings.get(number) ?? ("" as BindingId);
  const served = bench.engine.call(bindingOf("200"), "201");
  await bench.settle();
  const first = newest(bench.ringingLegs());
  bench.engine.answer(first);
  await bench.settle();
  const callId = String(bench.last("CALL_CREATED")["callId"]);
  bench.engine.hold(first);
  const second = bench.engine.call(bindingOf("201"), "202");
  await bench.settle();
  const target = newest(bench.ringingLegs());
  bench.engine.ring(target);
  if (isAnswered) bench.engine.answer(target);
  await bench.settle();
  const consultCallId = String(bench.last("CALL_CREATED")["callId"]);
  return { ...bench, bindingOf, served, first, second, target, callId, consultCallId };
}

function newest(legs: readonly LegId[]): LegId {
  const leg = legs.at(-1);
  if (leg === undefined) throw new Error("nothing rings");
  return leg;
}

describe("[C32] attended transfer by the phone (REFER with Replaces)", () => {
  it.each([
    ["on the held call", "first", "second"],
    ["on the other call", "second", "first"],
  ] as const)("[C32] asked %s: the call of the one who called in goes on", async (_, on, replaced) => {
    const bench = await onTwoLines();
    const { engine, settle, served, target, callId, consultCallId, calls, typesOf, last } = bench;
    const transferRequestId = engine.transferAttended(bench[on], bench[replaced]);
    await settle();
    expect(engine.transfer(transferRequestId)).toMatchObject({ outcome: "done" });
    expect([engine.leg(bench.first)?.state, engine.leg(bench.second)?.state]).toEqual(["ended", "ended"]);
    expect(typesOf(callId).slice(-2)).toEqual(["CALL_TRANSFERRED", "CALL_ANSWERED"]);
    expect(last("CALL_ENDED")).toMatchObject({ callId: consultCallId, reason: "merged", mergedInto: callId });
    expect(last("CALL_TRANSFERRED")).toMatchObject({ transferType: "attended", causedBy: { via: "phone" } });
    expect(engine.hears(served, target) && engine.hears(target, served)).toBe(true);
    expect(engine.hearsHoldMusic(served)).toBe(false);
    engine.hangup(served);
    await settle();
    expect(calls.registry.size).toBe(0);
    expect(engine.usage()).toMatchObject({ legs: 0, bridges: 0, playbacks: 0 });
  });

  it("[C32] [C39] to one who still rings: the phone that asked waits for the answer", async () => {
    const { engine, settle, served, first, second, target, calls, last } = await onTwoLines(false);
    const transferRequestId = engine.transferAttended(first, second);
    await settle();
    expect(engine.transfer(transferRequestId)).toMatchObject({ outcome: "trying" });
    expect([engine.leg(first)?.state, engine.leg(second)?.state]).toEqual(["answered", "ended"]);
    expect(engine.hearsPlayback(served)).toMatchObject({ tone: "ringback" });
    engine.answer(target);
    await settle();
    expect(engine.transfer(transferRequestId)).toMatchObject({ outcome: "done" });
    expect(engine.leg(first)?.state).toBe("ended");
    expect(last("CALL_ANSWERED")).toMatchObject({ answeredBy: { number: "202" } });
    engine.hangup(target);
    await settle();
    expect(calls.registry.size).toBe(0);
    expect(engine.usage()).toMatchObject({ legs: 0, bridges: 0, playbacks: 0 });
  });

  it("[C31] [C39] to one who does not answer: the phone hears that and is called back", async () => {
    const { engine, settle, first, second, target, last } = await onTwoLines(false);
    const transferRequestId = engine.transferAttended(first, second);
    await settle();
    engine.reject(target, "no_answer", 480);
    await settle();
    expect(engine.transfer(transferRequestId)).toMatchObject({ outcome: "no_answer" });
    expect(last("CALL_TRANSFER_FAILED")).toMatchObject({ transferType: "attended" });
    expect(last("CALL_RINGING")).toMatchObject({ recall: true, callee: { number: "201" } });
  });

  it("[C32] both calls were dialled by the phone: the older one goes on", async () => {
    const bench = await createCallTestbench();
    const own = bench.register("200");
    for (const number of ["201", "202"]) bench.register(number);
    const { engine, settle } = bench;
    const first = engine.call(own, "201");
    await settle();
    engine.answer(newest(bench.ringingLegs()));
    await settle();
    const older = String(bench.last("CALL_CREATED")["callId"]);
    bench.scheduler.advance(1000);
    const second = engine.call(own, "202");
    await settle();
    engine.answer(newest(bench.ringingLegs()));
    await settle();
    engine.transferAttended(second, first);
    await settle();
    expect(bench.last("CALL_TRANSFERRED")).toMatchObject({ callId: older, transferredBy: { number: "200" } });
    expect(bench.last("CALL_ANSWERED")).toMatchObject({ callId: older, answeredBy: { number: "202" } });
  });

  it("[C34] a leg of somebody else's phone cannot be taken", async () => {
    const { engine, settle, served, second, callId, typesOf } = await onTwoLines();
    const transferRequestId = engine.transferAttended(served, second);
    await settle();
    expect(engine.transfer(transferRequestId)).toMatchObject({ outcome: "rejected" });
    expect(typesOf(callId).at(-1)).toBe("CALL_HELD");
  });
});
