import { describe, expect, it } from "vitest";
import { createCallTestbench } from "./call-testbench.ts";

function first<T>(list: readonly T[]): T {
  const value = list[0];
  if (value === undefined) throw new Error("the list is empty");
  return value;
}

describe("originate", () => {
  it("[W41] [W45] rings the caller's device first, then the destination, with ringback between", async () => {
    const bench = await createCallTestbench();
    bench.register("200");
    bench.register("201");
    const answer = await bench.commands.originate({ from: "200", to: "201", autoAnswer: true }, bench.as("200"));
    expect(answer).toMatchObject({ ok: true, data: { status: "initiated" } });
    const own = first(bench.ringingLegs());
    expect(bench.engine.leg(own)).toMatchObject({ isAutoAnswer: true, callee: { number: "200" } });
    bench.engine.answer(own);
    await bench.settle();
    const far = bench.ringingLegs().at(-1) ?? own;
    expect(far).not.toBe(own);
    bench.engine.ring(far);
    await bench.settle();
    expect(bench.engine.hearsPlayback(own)).toMatchObject({ kind: "tone", tone: "ringback" });
    bench.engine.answer(far);
    await bench.settle();
    expect(bench.engine.hears(own, far)).toBe(true);
    const callId = String(bench.last("CALL_CREATED")["callId"]);
    expect(bench.typesOf(callId)).toEqual(["CALL_CREATED", "CALL_RINGING", "CALL_ANSWERED"]);
    expect(bench.last("CALL_CREATED")["causedBy"]).toEqual({ via: "command", userId: "user-200", commandId: "c1" });
  });

  it("[W41] a repeat with the same callId is harmless", async () => {
    const bench = await createCallTestbench();
    bench.register("200");
    bench.register("201");
    const params = { from: "200", to: "201", callId: "019a0000-0000-7000-8000-00000000abcd" };
    await bench.commands.originate(params, bench.as("200"));
    expect(await bench.commands.originate(params, bench.as("200"))).toMatchObject({ ok: true });
    expect(bench.engine.legs()).toHaveLength(1);
  });

  it.each([
    ["EXTENSION_NOT_FOUND", { from: "299", to: "201" }, "200"],
    ["UNAUTHORIZED", { from: "201", to: "200" }, "200"],
    ["INVALID_PARAMS", { from: "200", to: " - " }, "200"],
    ["EXTENSION_OFFLINE", { from: "202", to: "201" }, "202"],
    ["NUMBER_NOT_REACHABLE", { from: "200", to: "999" }, "200"],
    ["NUMBER_NOT_REACHABLE", { from: "200", to: "701" }, "200"],
    ["NUMBER_NOT_REACHABLE", { from: "200", to: "**201" }, "200"],
    ["NUMBER_NOT_REACHABLE", { from: "200", to: "*97" }, "200"],
  ] as const)("[W41] answers %s", async (code, params, who) => {
    const bench = await createCallTestbench();
    bench.register("200");
    expect(await bench.commands.originate(params, bench.as(who))).toMatchObject({ ok: false, error: { code } });
    expect(bench.events.filter(({ type }) => type === "CALL_CREATED")).toEqual([]);
  });

  it("[W41] answers ALREADY_IN_CALL at the limit; a supervisor may originate for others", async () => {
    const bench = await createCallTestbench({ maxConcurrentCalls: 1 });
    bench.register("200");
    bench.register("201");
    expect(await bench.commands.originate({ from: "200", to: "201" }, bench.as("202", "all"))).toMatchObject({
      ok: true,
    });
    expect(await bench.commands.originate({ from: "200", to: "201" }, bench.as("200"))).toMatchObject({
      error: { code: "ALREADY_IN_CALL" },
    });
  });

  it("[C13] the caller's own device that does not answer ends the call", async () => {
    const bench = await createCallTestbench();
    bench.register("200");
    bench.register("201");
    await bench.commands.originate({ from: "200", to: "201" }, bench.as("200"));
    bench.engine.ring(first(bench.ringingLegs()));
    bench.scheduler.advance(60_000);
    await bench.settle();
    expect(bench.last("CALL_ENDED")).toMatchObject({ hangupCause: "no_answer", hangupBy: "caller" });
  });
});

describe("answer, reject, hangup", () => {
  async function ringing(allowsRemoteTalk: boolean) {
    const bench = await createCallTestbench();
    const own = bench.register("200");
    bench.register("201", { allowsRemoteTalk });
    const callerLeg = bench.engine.call(own, "201");
    await bench.settle();
    const leg = first(bench.ringingLegs());
    bench.engine.ring(leg);
    await bench.settle();
    return { ...bench, callerLeg, leg, callId: String(bench.last("CALL_CREATED")["callId"]) };
  }

  it("[W42] answer makes the ringing device pick up", async () => {
    const { commands, callId, as, typesOf } = await ringing(true);
    expect(await commands.answer({ callId }, as("201"))).toMatchObject({
      ok: true,
      data: { callId, status: "answered" },
    });
    expect(typesOf(callId)).toEqual(["CALL_CREATED", "CALL_RINGING", "CALL_ANSWERED"]);
  });

  it("[W42] a device that cannot is named, and keeps ringing", async () => {
    const { commands, callId, as, engine, leg } = await ringing(false);
    expect(await commands.answer({ callId }, as("201"))).toMatchObject({
      ok: false,
      error: { code: "INVALID_STATE", details: { reason: "device_cannot_answer_remotely" } },
    });
    expect(engine.leg(leg)?.state).toBe("ringing");
  });

  it("[W40] who is no party may not answer, reject or hang up", async () => {
    const { commands, callId, as } = await ringing(true);
    for (const command of [commands.answer, commands.reject, commands.hangup]) {
      expect(await command({ callId }, as("202"))).toMatchObject({ ok: false, error: { code: "UNAUTHORIZED" } });
    }
  });

  it("[W43] reject ends the call as rejected by the callee", async () => {
    const { commands, callId, as, last, engine } = await ringing(true);
    expect(await commands.reject({ callId }, as("201"))).toMatchObject({ ok: true });
    expect(last("CALL_ENDED")).toMatchObject({
      hangupCause: "rejected",
      hangupBy: "callee",
      causedBy: { via: "command" },
    });
    expect(engine.usage().legs).toBe(0);
  });

  it("[W40] hangup: cancel by the caller, normal clearing once answered, system for a supervisor", async () => {
    const one = await ringing(true);
    await one.commands.hangup({ callId: one.callId }, one.as("200"));
    expect(one.last("CALL_ENDED")).toMatchObject({ hangupCause: "cancel", hangupBy: "caller" });
    const two = await ringing(true);
    two.engine.answer(two.leg);
    await two.commands.hangup({ callId: two.callId }, two.as("202", "all"));
    expect(two.last("CALL_ENDED")).toMatchObject({ hangupCause: "normal_clearing", hangupBy: "system" });
    expect(two.engine.usage()).toMatchObject({ legs: 0, bridges: 0 });
  });

  it("[W6] unknown calls and calls that are over are told apart", async () => {
    const { commands, callId, as } = await ringing(true);
    await commands.hangup({ callId }, as("200"));
    expect(await commands.hangup({ callId }, as("200"))).toMatchObject({
      error: { code: "INVALID_STATE", details: { state: "ended" } },
    });
    const unknown = "019a0000-0000-7000-8000-00000000ffff";
    expect(await commands.hangup({ callId: unknown }, as("200"))).toMatchObject({ error: { code: "CALL_NOT_FOUND" } });
  });
});
