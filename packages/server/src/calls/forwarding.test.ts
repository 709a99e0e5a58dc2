import { describe, expect, it } from "vitest";
import type { Extension } from "../extensions/extension.ts";
import { createCallTestbench } from "./call-testbench.ts";

type Changes = Readonly<Record<string, Partial<Extension>>>;

/** 200 dials 201; what else is registered rings where it is forwarded to. */
async function dialled(changes: Changes, registered: readonly string[] = ["201", "202"]) {
  const bench = await createCallTestbench({}, changes);
  const own = bench.register("200");
  for (const number of registered) bench.register(number);
  const callerLeg = bench.engine.call(own, "201");
  await bench.settle();
  const callId = String(bench.last("CALL_CREATED")["callId"]);
  const rung = () => {
    const [legId] = bench.ringingLegs();
    if (legId === undefined) throw new Error("nothing rings");
    return legId;
  };
  return { ...bench, callerLeg, callId, rung };
}

const to202 = {
  always: { forwardUnconditionalEnabled: true, forwardUnconditionalDestination: "202" },
  busy: { forwardOnBusyEnabled: true, forwardOnBusyDestination: "202" },
  noAnswer: {
    forwardOnNoAnswerEnabled: true,
    forwardOnNoAnswerDestination: "202",
    forwardOnNoAnswerTimeout: 15,
  },
} as const;

describe("[C15] forwarding", () => {
  it("[C15] unconditional: the other extension rings at once, under the same call", async () => {
    const { engine, settle, callId, rung, last, typesOf } = await dialled({ "201": to202.always });
    expect(engine.leg(rung())).toMatchObject({ callee: { number: "202" } });
    engine.ring(rung());
    engine.answer(rung());
    await settle();
    expect(typesOf(callId)).toEqual(["CALL_CREATED", "CALL_RINGING", "CALL_ANSWERED"]);
    expect(last("CALL_CREATED")).toMatchObject({ callee: { number: "201" } });
    expect(last("CALL_RINGING")).toMatchObject({ callee: { number: "202" }, forwardedFrom: { number: "201" } });
    expect(last("CALL_ANSWERED")).toMatchObject({ answeredBy: { number: "202" } });
  });

  it("[W49] who learns of the call by the forwarding gets the whole of it, once", async () => {
    const { engine, settle, rung, last } = await dialled({ "201": to202.always });
    engine.ring(rung());
    await settle();
    expect(last("CALL_RINGING")["call"]).toMatchObject({
      direction: "internal",
      caller: { number: "200" },
      callee: { number: "202" },
      forwardedFrom: { number: "201" },
      heldBy: [],
    });
    engine.answer(rung());
    await settle();
    expect(last("CALL_ANSWERED")).not.toHaveProperty("call");
  });

  it("[C15] busy, and DND, and at the limit of calls", async () => {
    const refused = await dialled({ "201": to202.busy });
    refused.engine.reject(refused.rung(), "busy", 486);
    await refused.settle();
    expect(refused.engine.leg(refused.rung())).toMatchObject({ callee: { number: "202" } });
    const dnd = await dialled({ "201": { ...to202.busy, dndEnabled: true } });
    expect(dnd.engine.leg(dnd.rung())).toMatchObject({ callee: { number: "202" } });
    const full = await dialled({ "201": { ...to202.busy, maxConcurrentCalls: 0 } });
    expect(full.engine.leg(full.rung())).toMatchObject({ callee: { number: "202" } });
  });

  it("[C12] [C15] busy everywhere (600) of one device: the others stop ringing before it is forwarded", async () => {
    const bench = await createCallTestbench({}, { "201": to202.busy });
    const own = bench.register("200");
    const devices = ["sip:201@127.0.0.1:7001", "sip:201@127.0.0.1:7002"];
    for (const contactUri of devices) bench.register("201", { contactUri });
    bench.register("202");
    bench.engine.call(own, "201");
    await bench.settle();
    const [first, second] = bench.ringingLegs();
    if (first === undefined || second === undefined) throw new Error("both devices have to ring");
    bench.engine.ring(second);
    bench.engine.reject(first, "busy", 600);
    await bench.settle();
    expect(bench.engine.leg(second)?.state).toBe("ended");
    expect(bench.ringingLegs().map((legId) => bench.engine.leg(legId)?.callee?.number)).toEqual(["202"]);
  });

  it("[C15] no answer after the extension's own time; the second destination is told as ringing too", async () => {
    const { engine, settle, scheduler, callId, rung, typesOf, last, callerLeg } = await dialled({
      "201": to202.noAnswer,
    });
    const first = rung();
    engine.ring(first);
    await settle();
    scheduler.advance(15_000);
    await settle();
    expect(engine.leg(first)?.state).toBe("ended");
    engine.ring(rung());
    await settle();
    expect(typesOf(callId)).toEqual(["CALL_CREATED", "CALL_RINGING", "CALL_RINGING"]);
    expect(last("CALL_RINGING")).toMatchObject({ callee: { number: "202" }, forwardedFrom: { number: "201" } });
    engine.answer(rung());
    await settle();
    expect(engine.leg(callerLeg)?.state).toBe("answered");
  });

  it("[C15] an extension without a phone counts as no answer", async () => {
    const { engine, rung } = await dialled({ "201": to202.noAnswer }, ["202"]);
    expect(engine.leg(rung())).toMatchObject({ callee: { number: "202" } });
  });

  it("[C13] [C15] DND without a target is rejected; a forwarding that is off changes nothing", async () => {
    const dnd = await dialled({ "201": { dndEnabled: true } });
    expect(dnd.last("CALL_ENDED")).toMatchObject({ hangupCause: "rejected", reason: "do_not_disturb" });
    const off = await dialled({ "201": { ...to202.always, forwardUnconditionalEnabled: false } });
    expect(off.engine.leg(off.rung())).toMatchObject({ callee: { number: "201" } });
  });

  it("[C15] a loop ends failed, and so does a forwarding to nowhere", async () => {
    const loop = await dialled({
      "201": to202.always,
      "202": { forwardUnconditionalEnabled: true, forwardUnconditionalDestination: "201" },
    });
    expect(loop.last("CALL_ENDED")).toMatchObject({ hangupCause: "failed", reason: "forwarding_loop" });
    expect(loop.engine.usage().legs).toBe(0);
    const nowhere = await dialled({
      "201": { forwardUnconditionalEnabled: true, forwardUnconditionalDestination: "999" },
    });
    expect(nowhere.last("CALL_ENDED")).toMatchObject({ hangupCause: "failed", reason: "no_such_number" });
  });

  it("[W41] a call that is originated is forwarded the same way; ringback goes on", async () => {
    const bench = await createCallTestbench({ maxConcurrentCalls: 1 }, { "201": to202.busy });
    for (const number of ["200", "201", "202"]) bench.register(number);
    await bench.commands.originate({ from: "200", to: "201" }, bench.as("200"));
    const own = bench.ringingLegs()[0];
    if (own === undefined) throw new Error("the caller's phone does not ring");
    bench.engine.answer(own);
    await bench.settle();
    const first = bench.ringingLegs().at(-1);
    if (first === undefined || first === own) throw new Error("the destination does not ring");
    bench.engine.ring(first);
    await bench.settle();
    bench.engine.reject(first, "busy", 486);
    await bench.settle();
    const second = bench.ringingLegs().at(-1);
    if (second === undefined) throw new Error("nothing is forwarded");
    expect(bench.engine.leg(second)).toMatchObject({ callee: { number: "202" } });
    bench.engine.ring(second);
    await bench.settle();
    expect(bench.engine.hearsPlayback(own)).toMatchObject({ tone: "ringback" });
    bench.engine.answer(second);
    await bench.settle();
    expect(bench.engine.hears(own, second)).toBe(true);
    expect(bench.engine.usage().playbacks).toBe(0);
  });
});

describe("[E5] a device sends the call on", () => {
  it("[E5] as the extension's own forwarding would: told, the other devices stop, hops count", async () => {
    const bench = await createCallTestbench();
    const own = bench.register("200");
    for (const port of [7001, 7002]) bench.register("201", { contactUri: `sip:201@127.0.0.1:${port}` });
    bench.register("202");
    bench.engine.call(own, "201");
    await bench.settle();
    const [first, second] = bench.ringingLegs();
    if (first === undefined || second === undefined) throw new Error("both devices have to ring");
    bench.engine.ring(second);
    bench.engine.redirect(first, "20-2");
    await bench.settle();
    expect(bench.engine.leg(second)?.state).toBe("ended");
    const [target] = bench.ringingLegs();
    if (target === undefined) throw new Error("nothing is forwarded");
    expect(bench.engine.leg(target)).toMatchObject({ callee: { number: "202" } });
    bench.engine.ring(target);
    await bench.settle();
    expect(bench.last("CALL_RINGING")).toMatchObject({
      callee: { number: "202" },
      forwardedFrom: { number: "201" },
      causedBy: { via: "phone" },
    });
    // Back to where it came from.
    bench.engine.redirect(target, "201");
    await bench.settle();
    const again = bench.ringingLegs();
    expect(again).toHaveLength(2);
    bench.engine.redirect(again[0] ?? target, "202");
    await bench.settle();
    expect(bench.last("CALL_ENDED")).toMatchObject({ hangupCause: "failed", reason: "forwarding_loop" });
    expect(bench.engine.usage().legs).toBe(0);
  });

  it.each(["999", "*78", ""])("[E5] to %j, where nothing can go: only that device has failed", async (to) => {
    const { engine, settle, rung, last } = await dialled({}, ["201"]);
    engine.redirect(rung(), to);
    await settle();
    expect(last("CALL_ENDED")).toMatchObject({ hangupCause: "failed", reason: "redirected_to_nowhere", sipCode: 302 });
  });

  it("[E5] [C15] to where nothing can go, with a forwarding on no answer: that one counts", async () => {
    const { engine, settle, rung } = await dialled({ "201": to202.noAnswer });
    engine.redirect(rung(), "999");
    await settle();
    expect(engine.leg(rung())).toMatchObject({ callee: { number: "202" } });
  });

  it("[E5] the caller's own device of a click-to-call call only fails", async () => {
    const bench = await createCallTestbench();
    for (const number of ["200", "201", "202"]) bench.register(number);
    await bench.commands.originate({ from: "200", to: "201" }, bench.as("200"));
    const [own] = bench.ringingLegs();
    if (own === undefined) throw new Error("the caller's phone does not ring");
    bench.engine.redirect(own, "202");
    await bench.settle();
    expect(bench.last("CALL_ENDED")).toMatchObject({ hangupCause: "failed" });
    expect(bench.ringingLegs()).toEqual([]);
  });
});
