import { describe, expect, it } from "vitest";
import { asked, asking, expectNothingLeft, talking } from "./consult-testbench.ts";

describe("[C32] attended transfer by command", () => {
  it("[C1] [C5] [C32] [C37] joins both in one batch under the id of the served party's call", async () => {
    const bench = await asked();
    const { engine, commands, as, settle, served, actor, target, callId, consultCallId, pair, events } = bench;
    const before = events.length;
    const answer = await commands.transferAttended(pair, as("201"));
    expect(answer).toMatchObject({ ok: true, data: { callId, status: "answered" } });
    expect(events.slice(before).map(({ type, callId: of }) => [type, of])).toEqual([
      ["CALL_TRANSFERRED", callId],
      ["CALL_ENDED", consultCallId],
      ["CALL_ANSWERED", callId],
    ]);
    expect(events.slice(before).map(({ data }) => data)).toMatchObject([
      {
        transferType: "attended",
        transferredBy: { number: "201" },
        transferTarget: { number: "202" },
        originalCaller: { number: "200" },
        consultCallId,
      },
      { reason: "merged", mergedInto: callId, hangupCause: "normal_clearing" },
      { answeredBy: { number: "202" }, state: "answered" },
    ]);
    await settle();
    expect(engine.leg(actor)?.state).toBe("ended");
    expect(engine.hears(served, target) && engine.hears(target, served)).toBe(true);
    expect(engine.hearsHoldMusic(served)).toBe(false);
    expect([engine.leg(served)?.party, engine.leg(target)?.party]).toMatchObject([
      { number: "202" },
      { number: "200" },
    ]);
    engine.hangup(target);
    await expectNothingLeft(bench);
  });

  it("[C31] [C32] while the target still rings: the served party hears that, and it comes back when nobody answers", async () => {
    const bench = await asking();
    const { engine, commands, as, settle, served, actor, target, callId, pair, last, rung, typesOf } = bench;
    expect(await commands.transferAttended(pair, as("201"))).toMatchObject({ ok: true, data: { status: "ringing" } });
    await settle();
    expect(engine.leg(actor)?.state).toBe("ended");
    expect(engine.hearsPlayback(served)).toMatchObject({ tone: "ringback" });
    expect(engine.hearsHoldMusic(served)).toBe(false);
    engine.reject(target, "no_answer", 480);
    await settle();
    expect(last("CALL_TRANSFER_FAILED")).toMatchObject({
      callId,
      transferType: "attended",
      transferredBy: { number: "201" },
      reason: "no_answer",
    });
    expect(last("CALL_RINGING")).toMatchObject({ callId, recall: true, callee: { number: "201" } });
    engine.answer(rung());
    await settle();
    expect(engine.hears(served, rung())).toBe(true);
    expect(typesOf(callId).slice(4)).toEqual([
      "CALL_TRANSFERRED",
      "CALL_RINGING",
      "CALL_TRANSFER_FAILED",
      "CALL_RINGING",
      "CALL_ANSWERED",
    ]);
    engine.hangup(served);
    await expectNothingLeft(bench);
  });

  it("[C32] while it rings, then answered", async () => {
    const bench = await asking();
    const { engine, commands, as, settle, served, target, pair, last } = bench;
    await commands.transferAttended(pair, as("201"));
    engine.answer(target);
    await settle();
    expect([engine.leg(served)?.party, engine.leg(target)?.party]).toMatchObject([
      { number: "202" },
      { number: "200" },
    ]);
    expect(engine.hears(served, target)).toBe(true);
    expect(last("CALL_ANSWERED")).toMatchObject({ answeredBy: { number: "202" } });
    engine.hangup(served);
    await expectNothingLeft(bench);
  });

  it("[C32] of two calls that the phone made itself, on two lines", async () => {
    const bench = await talking();
    const { engine, commands, as, settle, served, actor, callId, calls, rung, last } = bench;
    engine.hold(actor);
    const [binding] = [...bench.registrations.bindingsOf("10000000-0000-7000-8000-000000000201")];
    if (binding === undefined) throw new Error("not registered");
    const second = engine.call(binding.bindingId, "202");
    await settle();
    const target = rung();
    engine.answer(target);
    await settle();
    const consultCallId = String(last("CALL_CREATED")["callId"]);
    expect(await commands.transferAttended({ callId, consultCallId }, as("201"))).toMatchObject({ ok: true });
    await settle();
    expect([engine.leg(actor)?.state, engine.leg(second)?.state]).toEqual(["ended", "ended"]);
    expect(engine.hears(served, target)).toBe(true);
    expect(engine.hearsHoldMusic(served)).toBe(false);
    expect(calls.registry.size).toBe(1);
    engine.hangup(served);
    await expectNothingLeft(bench);
  });

  it("[C20] [C32] who held stays the one who holds; the new party hears the music", async () => {
    const bench = await asked();
    const { engine, commands, as, settle, served, target, callId, pair, last, typesOf } = bench;
    engine.hold(served);
    await settle();
    await commands.transferAttended(pair, as("201"));
    await settle();
    expect(typesOf(callId).slice(-3)).toEqual(["CALL_TRANSFERRED", "CALL_ANSWERED", "CALL_HELD"]);
    expect(last("CALL_HELD")).toMatchObject({ heldBy: { number: "200" }, holders: [{ number: "200" }] });
    expect(engine.hearsHoldMusic(target)).toBe(true);
    engine.unhold(served);
    await settle();
    expect(engine.hearsHoldMusic(target)).toBe(false);
    expect(engine.hears(served, target)).toBe(true);
    engine.hangup(served);
    await expectNothingLeft(bench);
  });

  it("[W40] refuses strangers, the same call twice, and calls that are over", async () => {
    const { commands, as, callId, consultCallId, pair } = await asked();
    expect(await commands.transferAttended(pair, as("203"))).toMatchObject({ error: { code: "UNAUTHORIZED" } });
    expect(await commands.transferAttended(pair, as("202"))).toMatchObject({ error: { code: "UNAUTHORIZED" } });
    expect(await commands.transferAttended({ callId, consultCallId: callId }, as("201"))).toMatchObject({
      error: { code: "INVALID_STATE", details: { reason: "same_call" } },
    });
    const unknown = "019a0000-0000-7000-8000-00000000abcd";
    expect(await commands.transferAttended({ callId, consultCallId: unknown }, as("201"))).toMatchObject({
      error: { code: "CALL_NOT_FOUND" },
    });
    const extensionId = "10000000-0000-7000-8000-000000000201";
    expect(await commands.transferAttended({ callId, consultCallId, extensionId }, as("203", "all"))).toMatchObject({
      ok: true,
    });
  });

  it("[W47] two at the same moment: one is done, the other is judged by what it left", async () => {
    const { commands, as, pair, events } = await asked();
    const answers = await Promise.all([
      commands.transferAttended(pair, as("201")),
      commands.transferAttended(pair, as("201")),
    ]);
    expect(answers.map(({ ok }) => ok)).toEqual([true, false]);
    expect(events.filter(({ type }) => type === "CALL_TRANSFERRED")).toHaveLength(1);
  });
});

describe("[C32] both sides ask somebody", () => {
  it("[C32] each joins its own; the links follow the calls", async () => {
    const bench = await asked();
    const { engine, commands, as, settle, served, target, callId, consultCallId, pair, rung } = bench;
    // The one who is asked asks 203 in turn.
    const third = await commands.consult({ callId: consultCallId, to: "203" }, as("202"));
    if (!third.ok) throw new Error(third.error.message);
    await settle();
    const last = rung();
    engine.answer(last);
    await settle();
    expect(engine.hears(target, last)).toBe(true);
    expect(await commands.transferAttended(pair, as("201"))).toMatchObject({ ok: true, data: { status: "held" } });
    await settle();
    expect(engine.hearsHoldMusic(served)).toBe(true);
    const next = { callId, consultCallId: third.data.callId };
    expect(await commands.transferAttended(next, as("202"))).toMatchObject({ ok: true });
    await settle();
    expect(engine.hears(served, last)).toBe(true);
    expect(engine.hearsHoldMusic(served)).toBe(false);
    engine.hangup(served);
    await expectNothingLeft(bench);
  });
});
