import type { BindingId, LegId } from "@pbx-x/telephony";
import { describe, expect, it } from "vitest";
import { createCallTestbench } from "./call-testbench.ts";

async function create() {
  const bench = await createCallTestbench();
  const bindings = new Map<string, BindingId>();
  for (const number of ["200", "201", "202", "203"]) bindings.set(number, bench.register(number));
  const bindingOf = (number: string): BindingId => bindings.get(number) ?? ("" as BindingId);
  const rung = (): LegId => {
    const leg = bench.ringingLegs().at(-1);
    if (leg === undefined) throw new Error("nothing rings");
    return leg;
  };
  /** A call from one to another, answered where wanted. */
  const begin = async (from: string, to: string, isAnswered = true) => {
    const caller = bench.engine.call(bindingOf(from), to);
    await bench.settle();
    const callee = rung();
    bench.engine.ring(callee);
    if (isAnswered) bench.engine.answer(callee);
    await bench.settle();
    return { caller, callee, callId: String(bench.last("CALL_CREATED")["callId"]) };
  };
  const replace = async (number: string, legId: LegId): Promise<LegId> => {
    const offered = bench.engine.call(bindingOf(number), "200", legId);
    await bench.settle();
    return offered;
  };
  return { ...bench, begin, replace };
}

describe("[C34] a phone takes the place of a leg", () => {
  it("[C34] of a ringing device: it picks the call up", async () => {
    const { engine, begin, replace, settle, last, typesOf, calls } = await create();
    const { caller, callee, callId } = await begin("200", "201", false);
    const picker = await replace("202", callee);
    expect(engine.leg(callee)).toMatchObject({ state: "ended", end: { cause: "answered_elsewhere" } });
    expect(engine.hears(caller, picker) && engine.hears(picker, caller)).toBe(true);
    expect(last("CALL_ANSWERED")).toMatchObject({ callId, answeredBy: { number: "202" }, causedBy: { via: "phone" } });
    expect(typesOf(callId)).toHaveLength(3);
    engine.hangup(picker);
    await settle();
    expect(calls.registry.size).toBe(0);
    expect(engine.usage()).toMatchObject({ legs: 0, bridges: 0 });
  });

  it("[C34] of its own other phone: the party goes on there, and a hold of the former one is over", async () => {
    const { engine, begin, replace, settle, last, calls } = await create();
    const { caller, callee, callId } = await begin("200", "201");
    engine.hold(callee);
    await settle();
    const moved = await replace("201", callee);
    expect(last("CALL_UNHELD")).toMatchObject({ callId, unheldBy: { number: "201" } });
    expect(engine.leg(callee)?.state).toBe("ended");
    expect(engine.hears(caller, moved) && engine.hears(moved, caller)).toBe(true);
    expect(engine.leg(moved)?.party).toMatchObject({ number: "200" });
    engine.hangup(caller);
    await settle();
    expect(calls.registry.size).toBe(0);
    expect(engine.usage()).toMatchObject({ legs: 0, bridges: 0 });
  });

  it("[C34] of its own other phone while it is held: the music goes on there", async () => {
    const { engine, begin, replace, settle } = await create();
    const { caller, callee } = await begin("200", "201");
    engine.hold(caller);
    await settle();
    const moved = await replace("201", callee);
    expect(engine.hearsHoldMusic(moved)).toBe(true);
  });

  it("[C32] [C34] of the transferor in its consultation: the served party's call goes on with its new leg", async () => {
    const { engine, begin, replace, settle, last, typesOf, calls } = await create();
    const served = await begin("200", "201");
    engine.hold(served.callee);
    const consulted = await begin("201", "202");
    const taken = await replace("200", consulted.caller);
    expect(last("CALL_TRANSFERRED")).toMatchObject({
      callId: served.callId,
      transferType: "attended",
      transferredBy: { number: "201" },
      transferTarget: { number: "202" },
    });
    expect(typesOf(consulted.callId).at(-1)).toBe("CALL_ENDED");
    expect(engine.hears(taken, consulted.callee) && engine.hears(consulted.callee, taken)).toBe(true);
    for (const legId of [served.caller, served.callee, consulted.caller]) {
      expect(engine.leg(legId)?.state).toBe("ended");
    }
    engine.hangup(taken);
    await settle();
    expect(calls.registry.size).toBe(0);
    expect(engine.usage()).toMatchObject({ legs: 0, bridges: 0, playbacks: 0 });
  });

  it("[C34] strangers may not, and nothing changes", async () => {
    const { engine, begin, replace } = await create();
    const { caller, callee } = await begin("200", "201");
    const refused = await replace("203", callee);
    expect(engine.leg(refused)).toMatchObject({ state: "ended", end: { cause: "rejected" } });
    expect(engine.hears(caller, callee)).toBe(true);
  });

  it("[C34] the caller may not pick up its own call", async () => {
    const { engine, begin, replace } = await create();
    const { callee } = await begin("200", "201", false);
    expect(engine.leg(await replace("200", callee))).toMatchObject({ end: { cause: "rejected" } });
    expect(engine.leg(callee)?.state).toBe("ringing");
  });
});
