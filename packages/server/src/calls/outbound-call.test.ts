import { describe, expect, it } from "vitest";
import { createOutsideTestbench } from "./outside-testbench.ts";

const alpha = { id: "alpha", name: "alpha" };
const beta = { id: "beta", name: "beta" };

describe("outbound calls", () => {
  it("[C11] [C16] a phone dials outside: direction, trunk, number in E.164, answer, end", async () => {
    const { engine, dial, ringing, settle, events, types, last, hears } = await withEars();
    const caller = await dial("0301234567");
    expect(engine.leg(ringing())).toMatchObject({
      target: { kind: "trunk", trunkId: "alpha", number: "0301234567" },
      caller: { number: "+49305550" },
      originatorLegId: caller,
    });
    engine.ring(ringing());
    const callee = ringing();
    engine.answer(callee);
    await settle();
    expect(hears(caller, callee)).toBe(true);
    engine.hangup(callee);
    await settle();
    expect(types()).toEqual(["EXTENSION_REGISTERED", "CALL_CREATED", "CALL_RINGING", "CALL_ANSWERED", "CALL_ENDED"]);
    expect(last("CALL_CREATED")).toMatchObject({
      direction: "outbound",
      trunk: alpha,
      caller: { number: "200" },
      callee: { number: "+49301234567" },
    });
    for (const { data } of events.slice(1)) expect(data["trunk"]).toEqual(alpha);
    expect(last("CALL_ANSWERED")).toMatchObject({ answeredBy: { number: "+49301234567" } });
    expect(last("CALL_ENDED")).toMatchObject({ hangupCause: "normal_clearing", hangupBy: "callee" });
    expect(engine.usage()).toMatchObject({ legs: 0, bridges: 0, playbacks: 0 });
  });

  it("[C11] internal calls name no trunk", async () => {
    const { register, dial, last } = await createOutsideTestbench();
    register("201");
    await dial("201");
    expect(last("CALL_CREATED")).toMatchObject({ direction: "internal" });
    expect(last("CALL_CREATED")).not.toHaveProperty("trunk");
  });

  it.each([
    [{ mode: "extension" }, { number: "200", name: "Anna Schmidt" }],
    [
      { mode: "extension", number: "+493012345" },
      { number: "+493012345200", name: "Anna Schmidt" },
    ],
    [{ mode: "trunk" }, { number: "+49305550" }],
    [{ mode: "fixed", number: "+49309999" }, { number: "+49309999" }],
    [{ mode: "anonymous" }, { number: "+49305550", isPrivate: true }],
  ] as const)("[G4] caller id %j", async (callerId, shown) => {
    const { engine, dial, ringing } = await createOutsideTestbench({ outbound: [{ callerId }] });
    await dial("0301234567");
    expect(engine.leg(ringing())?.caller).toEqual(shown);
  });

  it("[C16] early media of the far side passes before the answer", async () => {
    const { engine, dial, ringing, settle } = await createOutsideTestbench();
    const caller = await dial("0301234567");
    engine.earlyMedia(ringing());
    await settle();
    expect(engine.hears(caller, ringing())).toBe(true);
    expect(engine.leg(caller)?.sees.at(-1)).toEqual({ kind: "early_media" });
  });

  it.each([
    ["busy", 486, "busy"],
    ["no_answer", 480, "no_answer"],
    ["rejected", 603, "rejected"],
    ["rejected", 403, "rejected"],
    ["not_found", 404, "failed"],
  ] as const)(
    "[C13] [G7] %s (%i) of the far side is the called party's, no other trunk is tried",
    async (cause, code, told) => {
      const { engine, dial, ringing, settle, last, ringingLegs } = await createOutsideTestbench();
      await dial("0301234567");
      engine.reject(ringing(), cause, code);
      await settle();
      expect(ringingLegs()).toEqual([]);
      expect(last("CALL_ENDED")).toMatchObject({ hangupCause: told, sipCode: code, trunk: alpha });
    },
  );

  it.each([
    ["failed", 503],
    ["failed", 500],
    ["failed", 401],
    ["failed", undefined],
    ["no_response", undefined],
  ] as const)("[C16] [G7] %s (%s): the next trunk is tried, and the client sees one call", async (cause, code) => {
    const { engine, dial, ringing, settle, last, types } = await createOutsideTestbench();
    await dial("0301234567");
    engine.reject(ringing(), cause, code);
    await settle();
    expect(engine.leg(ringing())?.target).toMatchObject({ trunkId: "beta" });
    engine.ring(ringing());
    engine.answer(ringing());
    await settle();
    expect(types().slice(1)).toEqual(["CALL_CREATED", "CALL_RINGING", "CALL_ANSWERED"]);
    expect(last("CALL_RINGING")["trunk"]).toEqual(beta);
    expect(last("CALL_ANSWERED")["trunk"]).toEqual(beta);
  });

  it("[C13] [G7] all trunks fail: the last one's answer counts; silence is a time-out", async () => {
    const failed = await createOutsideTestbench();
    await failed.dial("0301234567");
    failed.engine.reject(failed.ringing(), "no_response");
    await failed.settle();
    failed.engine.reject(failed.ringing(), "failed", 503);
    await failed.settle();
    expect(failed.last("CALL_ENDED")).toMatchObject({ hangupCause: "failed", sipCode: 503, trunk: beta });
    const silent = await createOutsideTestbench({ outbound: [{ trunkIds: ["alpha"] }] });
    await silent.dial("0301234567");
    silent.engine.reject(silent.ringing(), "no_response");
    await silent.settle();
    expect(silent.last("CALL_ENDED")).toMatchObject({ hangupCause: "timeout", trunk: alpha });
  });

  it("[G7] once it has rung, the far side's failure ends the call", async () => {
    const { engine, dial, ringing, settle, last, ringingLegs } = await createOutsideTestbench();
    await dial("0301234567");
    const first = ringing();
    engine.ring(first);
    engine.reject(first, "failed", 503);
    await settle();
    expect(ringingLegs()).toEqual([]);
    expect(last("CALL_ENDED")).toMatchObject({ hangupCause: "failed", sipCode: 503 });
  });

  it("[G7] a trunk that the engine does not take (disabled in that moment) is passed over", async () => {
    const { engine, dial, ringing } = await createOutsideTestbench({
      trunks: [{ id: "gone" }],
      outbound: [{ trunkIds: ["gone", "beta"] }],
    });
    await dial("0301234567");
    expect(engine.leg(ringing())?.target).toMatchObject({ trunkId: "beta" });
  });

  it("[C13] the caller gives up before the answer", async () => {
    const { engine, dial, ringing, settle, last } = await createOutsideTestbench();
    const caller = await dial("0301234567");
    const callee = ringing();
    engine.ring(callee);
    engine.hangup(caller);
    await settle();
    expect(last("CALL_ENDED")).toMatchObject({ hangupCause: "cancel", hangupBy: "caller", trunk: alpha });
    expect(engine.leg(callee)?.end).toMatchObject({ cause: "cancelled" });
  });

  it("[C13] nobody answers outside within the time", async () => {
    const { engine, dial, ringing, settle, last, scheduler } = await createOutsideTestbench();
    await dial("0301234567");
    engine.ring(ringing());
    scheduler.advance(60_000);
    await settle();
    expect(last("CALL_ENDED")).toMatchObject({ hangupCause: "no_answer" });
  });

  it("[W41] originate: the own phone first, then outside", async () => {
    const { commands, as, engine, ringing, settle, last } = await createOutsideTestbench();
    const outcome = await commands.originate({ from: "200", to: "+49 30 1234567" }, as("200"));
    expect(outcome).toMatchObject({ ok: true });
    expect(last("CALL_CREATED")).toMatchObject({
      direction: "outbound",
      trunk: alpha,
      callee: { number: "+49301234567" },
    });
    engine.answer(ringing());
    await settle();
    expect(engine.leg(ringing())?.target).toMatchObject({ trunkId: "alpha", number: "0301234567" });
    engine.answer(ringing());
    await settle();
    expect(last("CALL_ANSWERED")).toMatchObject({ answeredBy: { number: "+49301234567" }, trunk: alpha });
  });

  it("[G9] a full trunk is passed over, and where all are full the call ends", async () => {
    const { register, engine, dial, ringing, settle, last, own } = await createOutsideTestbench({
      trunks: [{ maxConcurrentCalls: 1 }, { maxConcurrentCalls: 1 }],
      extensions: { "200": { maxConcurrentCalls: 5 } },
    });
    register("201");
    await dial("0301111111");
    engine.answer(ringing());
    await dial("0302222222");
    expect(engine.leg(ringing())?.target).toMatchObject({ trunkId: "beta" });
    engine.answer(ringing());
    await settle();
    const third = engine.call(own, "0303333333");
    await settle();
    expect(last("CALL_ENDED")).toMatchObject({
      hangupCause: "failed",
      reason: "trunks_at_maximum_calls",
      sipCode: 503,
    });
    expect(last("CALL_ENDED")).not.toHaveProperty("trunk");
    expect(engine.leg(third)?.state).toBe("ended");
  });

  it("[G8] emergency: over a full trunk, past every guard, from a phone with all lines busy", async () => {
    const { engine, dial, ringing, settle, last } = await createOutsideTestbench({
      trunks: [{ maxConcurrentCalls: 0 }, { maxConcurrentCalls: 0 }],
      guards: { maxCallsAtOnce: 0, maxCallsPerHour: 0 },
      extensions: { "200": { maxConcurrentCalls: 0 } },
      outbound: [],
    });
    await dial("112");
    expect(engine.leg(ringing())).toMatchObject({
      target: { trunkId: "alpha", number: "112" },
      caller: { number: "+49305550" },
    });
    engine.reject(ringing(), "failed", 503);
    await settle();
    expect(engine.leg(ringing())?.target).toMatchObject({ trunkId: "beta", number: "112" });
    expect(last("CALL_CREATED")).toMatchObject({ direction: "outbound", callee: { number: "112" } });
  });
});

async function withEars() {
  const bench = await createOutsideTestbench();
  return { ...bench, hears: bench.engine.hears.bind(bench.engine) };
}
