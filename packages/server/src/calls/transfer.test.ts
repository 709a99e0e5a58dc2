import type { LegId } from "@pbx-x/telephony";
import { describe, expect, it } from "vitest";
import type { Extension } from "../extensions/extension.ts";
import { createCallTestbench } from "./call-testbench.ts";

/** 200 talks with 201; 202 is free. */
async function talking(each: Readonly<Record<string, Partial<Extension>>> = {}) {
  const bench = await createCallTestbench({}, each);
  const own = bench.register("200");
  bench.register("201");
  bench.register("202");
  const callerLeg = bench.engine.call(own, "201");
  await bench.settle();
  const calleeLeg = newest(bench.ringingLegs());
  bench.engine.answer(calleeLeg);
  await bench.settle();
  const callId = String(bench.last("CALL_CREATED")["callId"]);
  /** The phone that was rung last. */
  const rung = (): LegId => newest(bench.ringingLegs());
  return { ...bench, callerLeg, calleeLeg, callId, rung };
}

function newest(legs: readonly LegId[]): LegId {
  const leg = legs.at(-1);
  if (leg === undefined) throw new Error("nothing rings");
  return leg;
}

describe("[C30] blind transfer", () => {
  it("[C30] by the callee: told in one batch, the served party hears ringing, then the target", async () => {
    const { engine, commands, as, settle, callId, callerLeg, calleeLeg, rung, last, typesOf, calls, events } =
      await talking();
    const before = events.length;
    const answer = await commands.transferBlind({ callId, destination: "202" }, as("201"));
    expect(answer).toMatchObject({ ok: true, data: { callId, status: "transferred" } });
    expect(events.slice(before).map(({ type }) => type)).toEqual(["CALL_TRANSFERRED", "CALL_RINGING"]);
    expect(last("CALL_TRANSFERRED")).toMatchObject({
      transferType: "blind",
      transferredBy: { number: "201" },
      transferTarget: { number: "202" },
      originalCaller: { number: "200" },
      state: "transferred",
      causedBy: { via: "command" },
    });
    expect(last("CALL_RINGING")).toMatchObject({ caller: { number: "200" }, callee: { number: "202" } });
    await settle();
    expect(engine.leg(calleeLeg)?.state).toBe("ended");
    expect(engine.hearsPlayback(callerLeg)).toMatchObject({ tone: "ringback" });
    engine.answer(rung());
    await settle();
    expect(engine.hears(callerLeg, rung())).toBe(true);
    expect(last("CALL_ANSWERED")).toMatchObject({ answeredBy: { number: "202" }, state: "answered" });
    engine.hangup(callerLeg);
    await settle();
    expect(last("CALL_ENDED")).toMatchObject({ hangupCause: "normal_clearing", hangupBy: "caller" });
    expect(typesOf(callId).filter((type) => type === "CALL_ENDED")).toHaveLength(1);
    expect(calls.registry.size).toBe(0);
    expect(engine.usage()).toMatchObject({ legs: 0, bridges: 0, playbacks: 0 });
  });

  it("[C1] [C30] by the caller: the callee is the served party, under the same id", async () => {
    const { engine, commands, as, settle, callId, callerLeg, calleeLeg, rung, last } = await talking();
    await commands.transferBlind({ callId, destination: "202" }, as("200"));
    await settle();
    expect(engine.leg(callerLeg)?.state).toBe("ended");
    expect(last("CALL_RINGING")).toMatchObject({ callId, caller: { number: "201" }, callee: { number: "202" } });
    engine.answer(rung());
    await settle();
    expect(engine.hears(calleeLeg, rung())).toBe(true);
  });

  it("[C30] [C39] by the phone (REFER): the same events; the phone stays until the target has answered", async () => {
    const { engine, settle, callId, callerLeg, calleeLeg, rung, last, typesOf } = await talking();
    const transferRequestId = engine.transferBlind(calleeLeg, "202");
    await settle();
    expect(engine.transfer(transferRequestId)).toMatchObject({ outcome: "trying" });
    expect(engine.leg(calleeLeg)?.state).toBe("answered");
    expect(engine.hears(callerLeg, calleeLeg)).toBe(false);
    expect(typesOf(callId).slice(3)).toEqual(["CALL_TRANSFERRED", "CALL_RINGING"]);
    expect(last("CALL_TRANSFERRED")).toMatchObject({ transferredBy: { number: "201" }, causedBy: { via: "phone" } });
    engine.answer(rung());
    await settle();
    expect(engine.transfer(transferRequestId)).toMatchObject({ outcome: "done" });
    expect(engine.leg(calleeLeg)?.state).toBe("ended");
    expect(engine.hears(callerLeg, rung())).toBe(true);
  });

  it("[C39] the transferring phone hears why it failed, and is called back", async () => {
    const { engine, settle, calleeLeg, rung, last } = await talking();
    const transferRequestId = engine.transferBlind(calleeLeg, "202");
    await settle();
    engine.reject(rung(), "busy", 486);
    await settle();
    expect(engine.transfer(transferRequestId)).toMatchObject({ outcome: "busy" });
    expect(engine.leg(calleeLeg)?.state).toBe("ended");
    expect(last("CALL_RINGING")).toMatchObject({ recall: true, callee: { number: "201" } });
  });

  it("[C39] a phone that hangs up at once is not waited for", async () => {
    const { engine, settle, callerLeg, calleeLeg, rung, callId, typesOf } = await talking();
    engine.transferBlind(calleeLeg, "202");
    await settle();
    engine.hangup(calleeLeg);
    await settle();
    expect(typesOf(callId).at(-1)).toBe("CALL_RINGING");
    engine.answer(rung());
    await settle();
    expect(engine.hears(callerLeg, rung())).toBe(true);
  });

  it("[C39] the served party leaves before the outcome: the transferring phone is let go", async () => {
    const { engine, settle, callerLeg, calleeLeg, calls } = await talking();
    const transferRequestId = engine.transferBlind(calleeLeg, "202");
    await settle();
    engine.hangup(callerLeg);
    await settle();
    expect(engine.transfer(transferRequestId)).toMatchObject({ outcome: "cancelled" });
    expect(calls.registry.size).toBe(0);
    expect(engine.usage()).toMatchObject({ legs: 0, bridges: 0, playbacks: 0 });
  });

  it("[C30] a number that leads nowhere is refused and changes nothing, by command and by phone", async () => {
    const { engine, commands, as, settle, callId, callerLeg, calleeLeg, typesOf } = await talking();
    expect(await commands.transferBlind({ callId, destination: "999" }, as("201"))).toMatchObject({
      ok: false,
      error: { code: "NUMBER_NOT_REACHABLE" },
    });
    const transferRequestId = engine.transferBlind(calleeLeg, "999");
    await settle();
    expect(engine.transfer(transferRequestId)).toMatchObject({ outcome: "not_found" });
    expect(typesOf(callId)).toHaveLength(3);
    expect(engine.hears(callerLeg, calleeLeg)).toBe(true);
  });

  it("[C20] [C30] a held party hears no more music", async () => {
    const { engine, commands, as, settle, callId, callerLeg } = await talking();
    await commands.hold({ callId }, as("201"));
    await commands.transferBlind({ callId, destination: "202" }, as("201"));
    await settle();
    expect(engine.hearsHoldMusic(callerLeg)).toBe(false);
  });

  it("[W49] the target's extension learns the whole call from the transfer", async () => {
    const { commands, as, callId, last, events } = await talking();
    await commands.transferBlind({ callId, destination: "202" }, as("201"));
    expect(last("CALL_TRANSFERRED")["call"]).toMatchObject({
      caller: { number: "200" },
      transfer: { transferredBy: { number: "201" }, transferTarget: { number: "202" } },
    });
    const told = events.find(({ type }) => type === "CALL_TRANSFERRED")?.audience.extensions;
    expect(told?.map(({ number }) => number)).toEqual(["200", "201", "202"]);
  });

  it("the transferor may take another call at once", async () => {
    const { engine, commands, as, settle, callId, calls, register } = await talking({
      "201": { maxConcurrentCalls: 1 },
    });
    await commands.transferBlind({ callId, destination: "202" }, as("201"));
    await settle();
    expect(calls.registry.countOf("10000000-0000-7000-8000-000000000201")).toBe(0);
    const other = engine.call(register("200"), "201");
    await settle();
    expect(engine.leg(other)?.state).not.toBe("ended");
  });
});

describe("[C31] a blind transfer that fails", () => {
  it.each([
    ["busy", 486, "busy"],
    ["rejected", 603, "rejected"],
    ["no_answer", 480, "no_answer"],
  ] as const)("[C31] %s (%i): the call comes back to the transferor, who takes it", async (cause, sipCode, reason) => {
    const { engine, commands, as, settle, callId, callerLeg, rung, last, typesOf } = await talking();
    await commands.transferBlind({ callId, destination: "202" }, as("201"));
    await settle();
    engine.reject(rung(), cause, sipCode);
    await settle();
    expect(last("CALL_TRANSFER_FAILED")).toMatchObject({
      transferredBy: { number: "201" },
      transferTarget: { number: "202" },
      reason,
      sipCode,
      transferId: last("CALL_TRANSFERRED")["transferId"],
    });
    expect(last("CALL_RINGING")).toMatchObject({ recall: true, callee: { number: "201" } });
    engine.answer(rung());
    await settle();
    expect(engine.hears(callerLeg, rung())).toBe(true);
    expect(typesOf(callId).slice(3)).toEqual([
      "CALL_TRANSFERRED",
      "CALL_RINGING",
      "CALL_TRANSFER_FAILED",
      "CALL_RINGING",
      "CALL_ANSWERED",
    ]);
    expect(engine.usage().playbacks).toBe(0);
  });

  it("[C31] a target without a phone or with DND comes back at once", async () => {
    const dnd = await talking({ "202": { dndEnabled: true } });
    await dnd.commands.transferBlind({ callId: dnd.callId, destination: "202" }, dnd.as("201"));
    expect(dnd.last("CALL_TRANSFER_FAILED")).toMatchObject({ reason: "rejected" });
    expect(dnd.last("CALL_RINGING")).toMatchObject({ recall: true });
  });

  it("[C31] a recall that nobody answers ends the call", async () => {
    const { engine, commands, as, settle, scheduler, callId, rung, last, calls } = await talking();
    await commands.transferBlind({ callId, destination: "202" }, as("201"));
    await settle();
    engine.reject(rung(), "busy", 486);
    await settle();
    engine.ring(rung());
    scheduler.advance(60_000);
    await settle();
    expect(last("CALL_ENDED")).toMatchObject({ hangupCause: "no_answer" });
    expect(calls.registry.size).toBe(0);
    expect(engine.usage()).toMatchObject({ legs: 0, bridges: 0, playbacks: 0 });
  });

  it("[C13] [C30] the served party hangs up while the target rings: an answered call ends normally", async () => {
    const { engine, commands, as, settle, callId, callerLeg, last } = await talking();
    await commands.transferBlind({ callId, destination: "202" }, as("201"));
    await settle();
    engine.hangup(callerLeg);
    await settle();
    expect(last("CALL_ENDED")).toMatchObject({ hangupCause: "normal_clearing", hangupBy: "caller" });
    expect(engine.usage()).toMatchObject({ legs: 0, bridges: 0, playbacks: 0 });
  });

  it("[C31] reject by the target's user sends it back too", async () => {
    const { commands, as, settle, callId, last } = await talking();
    await commands.transferBlind({ callId, destination: "202" }, as("201"));
    await settle();
    expect(await commands.reject({ callId }, as("202"))).toMatchObject({ ok: true });
    expect(last("CALL_TRANSFER_FAILED")).toMatchObject({ reason: "rejected" });
    expect(last("CALL_RINGING")).toMatchObject({ recall: true, callee: { number: "201" } });
  });
});
