import type { LegId } from "@pbx-x/telephony";
import { describe, expect, it } from "vitest";
import { createCallTestbench } from "../calls/call-testbench.ts";
import type { Extension } from "../extensions/extension.ts";

const idle = { legs: 0, bridges: 0, playbacks: 0 };
const idOf = (number: string): string => `10000000-0000-7000-8000-000000000${number}`;

/** 200 calls 201, which rings; 202 hears it. */
async function ringing(each: Readonly<Record<string, Partial<Extension>>> = {}) {
  const bench = await createCallTestbench({}, each);
  const own = bench.register("200");
  bench.register("201");
  const toms = bench.register("202", { answersAutomatically: true });
  const callerLeg = bench.engine.call(own, "201");
  await bench.settle();
  const [lisasLeg] = bench.ringingLegs() as [LegId];
  bench.engine.ring(lisasLeg);
  await bench.settle();
  const callId = String(bench.last("CALL_CREATED")["callId"]);
  return { ...bench, own, toms, callerLeg, lisasLeg, callId };
}

describe("directed pick-up of a ringing call", () => {
  it("[C44] **201: the phone that dials has the call, the one that rang stops as answered elsewhere", async () => {
    const { engine, settle, toms, callerLeg, lisasLeg, callId, typesOf, last, calls } = await ringing();
    const leg = engine.call(toms, "**201");
    await settle();
    expect(typesOf(callId)).toEqual(["CALL_CREATED", "CALL_RINGING", "CALL_ANSWERED"]);
    expect(last("CALL_ANSWERED")).toMatchObject({
      answeredBy: { number: "202", extensionId: idOf("202") },
      call: { callee: { number: "202" }, caller: { number: "200" } },
    });
    expect(engine.leg(lisasLeg)?.sees.at(-1)).toMatchObject({ isAnsweredElsewhere: true });
    expect(engine.leg(callerLeg)?.state).toBe("answered");
    expect(engine.hears(callerLeg, leg)).toBe(true);
    expect(engine.hears(leg, callerLeg)).toBe(true);
    expect([calls.registry.countOf(idOf("201")), calls.registry.countOf(idOf("202"))]).toEqual([0, 1]);
    engine.hangup(leg);
    await settle();
    expect(last("CALL_ENDED")).toMatchObject({ callee: { number: "202" }, hangupBy: "callee" });
    expect(engine.usage()).toMatchObject(idle);
  });

  it("[C44] [W48] by command: the own phone answers by itself and has the call", async () => {
    const { engine, commands, as, settle, callerLeg, lisasLeg, callId, typesOf, last, ringingLegs } = await ringing();
    expect(await commands.pickup({ callId }, as("202"))).toMatchObject({ ok: true, data: { status: "answered" } });
    await settle();
    expect(typesOf(callId)).toEqual(["CALL_CREATED", "CALL_RINGING", "CALL_ANSWERED"]);
    expect(last("CALL_ANSWERED")).toMatchObject({
      answeredBy: { number: "202" },
      causedBy: { via: "command", userId: "user-202" },
    });
    expect(engine.leg(lisasLeg)?.sees.at(-1)).toMatchObject({ isAnsweredElsewhere: true });
    const [leg] = ringingLegs() as [LegId];
    expect(engine.hears(callerLeg, leg)).toBe(true);
  });

  it("[C44] with early media of the phone that rang, the picker is heard, not it", async () => {
    const { engine, settle, toms, callerLeg, lisasLeg } = await ringing();
    engine.earlyMedia(lisasLeg);
    await settle();
    const leg = engine.call(toms, "**201");
    await settle();
    expect(engine.hears(callerLeg, leg)).toBe(true);
    expect(engine.hears(leg, callerLeg)).toBe(true);
    expect(engine.usage()).toMatchObject({ legs: 2, bridges: 1 });
  });

  it("[C44] the one that is called answers while the picker's phone rings: that stops, the command says so", async () => {
    const bench = await ringing();
    const { engine, commands, as, settle, register, toms, lisasLeg, callerLeg, callId, typesOf, calls } = bench;
    register("202", { contactUri: "sip:202@127.0.0.1:7000" });
    engine.unregister(toms);
    const answer = commands.pickup({ callId }, as("202"));
    await settle();
    const leg = bench.ringingLegs().at(-1);
    engine.answer(lisasLeg);
    await settle();
    expect(await answer).toMatchObject({ error: { code: "INVALID_STATE" } });
    expect(typesOf(callId)).toEqual(["CALL_CREATED", "CALL_RINGING", "CALL_ANSWERED"]);
    expect(engine.hears(callerLeg, lisasLeg)).toBe(true);
    if (leg === undefined) throw new Error("the picker's phone should have rung");
    expect(engine.leg(leg)?.sees.at(-1)).toMatchObject({ isAnsweredElsewhere: true });
    expect(calls.registry.countOf(idOf("202"))).toBe(0);
  });

  it("[C44] the caller gives up, or the call goes elsewhere, while the picker's phone rings: that stops", async () => {
    for (const how of ["gives up", "goes elsewhere"] as const) {
      const bench = await ringing({
        "201": { forwardOnBusyEnabled: true, forwardOnBusyDestination: "999" },
        "202": { maxConcurrentCalls: 5 },
      });
      const { engine, commands, as, settle, callerLeg, lisasLeg, callId, ringingLegs, calls } = bench;
      bench.register("202", { answersAutomatically: false, contactUri: "sip:202@127.0.0.1:7000" });
      engine.unregister(bench.toms);
      void commands.pickup({ callId }, as("202"));
      await settle();
      expect(ringingLegs()).toHaveLength(2);
      if (how === "gives up") engine.hangup(callerLeg);
      else engine.reject(lisasLeg, "busy", 486);
      await settle();
      expect(engine.usage()).toMatchObject(idle);
      expect(calls.registry.size).toBe(0);
    }
  });

  it("[C44] nothing rings there: not found; own calls are refused", async () => {
    const { engine, commands, as, settle, own, toms, callId, events } = await ringing();
    const before = events.length;
    const nothing = engine.call(toms, "**200");
    const self = engine.call(own, "**201");
    await settle();
    expect(engine.leg(nothing)?.sees.at(-1)).toMatchObject({ sipCode: 404 });
    expect(engine.leg(self)?.sees.at(-1)).toMatchObject({ sipCode: 486 });
    for (const who of ["200", "201"]) {
      expect(await commands.pickup({ callId }, as(who))).toMatchObject({
        error: { code: "INVALID_STATE", details: { reason: "own_call" } },
      });
    }
    expect(events).toHaveLength(before);
  });

  it("[C44] an answered call cannot be picked up", async () => {
    const { engine, commands, as, settle, lisasLeg, callId } = await ringing();
    engine.answer(lisasLeg);
    await settle();
    expect(await commands.pickup({ callId }, as("202"))).toMatchObject({
      error: { code: "INVALID_STATE", details: { state: "answered", reason: "not_ringing" } },
    });
  });

  it("[C44] the oldest of several is picked up", async () => {
    const { engine, settle, scheduler, register, toms, callerLeg } = await ringing();
    scheduler.advance(1000);
    const second = engine.call(register("200", { contactUri: "sip:200@127.0.0.1:7001" }), "201");
    await settle();
    const leg = engine.call(toms, "**201");
    await settle();
    expect(engine.hears(callerLeg, leg)).toBe(true);
    expect(engine.leg(second)?.state).not.toBe("answered");
  });
});
