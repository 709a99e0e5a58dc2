import { describe, expect, it } from "vitest";
import { createCallTestbench } from "./call-testbench.ts";
import { asked, asking, expectNothingLeft, talking } from "./consult-testbench.ts";
import { newestLeg } from "./newest-leg.ts";

describe("[C32] consult", () => {
  it("[C2] [C32] holds the call and calls with the same phone, in one thread", async () => {
    const { engine, answer, served, actor, callId, consultCallId, events, last } = await asking();
    expect(answer).toMatchObject({ ok: true, data: { status: "initiated" } });
    expect(events.slice(-3).map(({ type }) => type)).toEqual(["CALL_HELD", "CALL_CREATED", "CALL_RINGING"]);
    expect(last("CALL_HELD")).toMatchObject({ callId, heldBy: { number: "201" } });
    expect(last("CALL_CREATED")).toMatchObject({
      callId: consultCallId,
      consultFor: callId,
      threadId: callId,
      caller: { number: "201" },
      callee: { number: "202" },
    });
    expect(engine.hearsHoldMusic(served)).toBe(true);
    expect(engine.hearsPlayback(actor)).toMatchObject({ tone: "ringback" });
  });

  it("[C32] the phone talks with the one consulted, the served party goes on hearing music", async () => {
    const { engine, served, actor, target } = await asked();
    expect(engine.hears(actor, target) && engine.hears(target, actor)).toBe(true);
    expect(engine.hears(served, actor)).toBe(false);
    expect(engine.hearsHoldMusic(served)).toBe(true);
  });

  it("[C32] refuses numbers that lead nowhere, a second consultation, and the limit of calls", async () => {
    const { commands, as, callId } = await asked();
    expect(await commands.consult({ callId, to: "203" }, as("201"))).toMatchObject({
      error: { code: "INVALID_STATE", details: { reason: "consulting" } },
    });
    expect(await commands.consult({ callId, to: "999" }, as("201"))).toMatchObject({
      error: { code: "NUMBER_NOT_REACHABLE" },
    });
    const single = await talking({ "201": { maxConcurrentCalls: 1 } });
    expect(await single.commands.consult({ callId: single.callId, to: "202" }, single.as("201"))).toMatchObject({
      error: { code: "ALREADY_IN_CALL" },
    });
  });

  it("[C21] a call held at the phone itself cannot be consulted for: the phone would stay mute", async () => {
    const { engine, commands, as, settle, callId, actor } = await talking();
    engine.hold(actor);
    await settle();
    expect(await commands.consult({ callId, to: "202" }, as("201"))).toMatchObject({
      error: { code: "INVALID_STATE", details: { reason: "held_at_device" } },
    });
  });
});

describe("[C33] ends of a consultation", () => {
  it("[C33] cancelTransfer ends it and takes the held call back", async () => {
    const bench = await asked();
    const { engine, commands, as, settle, served, actor, target, callId, consultCallId, pair, events } = bench;
    const before = events.length;
    expect(await commands.cancelTransfer(pair, as("201"))).toMatchObject({ data: { callId, status: "answered" } });
    expect(events.slice(before).map(({ type, callId: of }) => [type, of])).toEqual([
      ["CALL_ENDED", consultCallId],
      ["CALL_UNHELD", callId],
    ]);
    await settle();
    expect(engine.leg(target)?.state).toBe("ended");
    expect(engine.hears(served, actor) && engine.hears(actor, served)).toBe(true);
    expect(engine.hearsHoldMusic(served)).toBe(false);
    expect(engine.hearsPlayback(actor)).toBeUndefined();
    engine.hangup(actor);
    await expectNothingLeft(bench);
  });

  it("[C33] cancelTransfer while the other still rings", async () => {
    const bench = await asking();
    const { engine, commands, as, settle, served, actor, target, pair, last } = bench;
    expect(await commands.cancelTransfer(pair, as("201"))).toMatchObject({ ok: true });
    await settle();
    expect(engine.leg(target)?.state).toBe("ended");
    expect(last("CALL_ENDED")).toMatchObject({ hangupCause: "cancel" });
    expect(engine.hears(served, actor)).toBe(true);
    expect(engine.hearsPlayback(actor)).toBeUndefined();
    engine.hangup(served);
    await expectNothingLeft(bench);
  });

  it.each([
    ["is told to resume", true, "answered"],
    ["cannot be told: the call stays held, and the answer says so", false, "held"],
  ])(
    "[C33] [C21] cancelTransfer where the phone holds on one line and asks on the other: it %s",
    async (_, can, status) => {
      const bench = await createCallTestbench();
      const { engine, register, commands, as, settle, last, ringingLegs } = bench;
      const [own, phone] = [register("200"), register("201", { allowsRemoteTalk: can })];
      register("202");
      const served = engine.call(own, "201");
      await settle();
      const actor = newestLeg(ringingLegs());
      engine.answer(actor);
      await settle();
      const callId = String(last("CALL_CREATED")["callId"]);
      engine.hold(actor);
      engine.call(phone, "202");
      await settle();
      engine.answer(newestLeg(ringingLegs()));
      await settle();
      const consultCallId = String(last("CALL_CREATED")["callId"]);
      const answer = commands.cancelTransfer({ callId, consultCallId }, as("201"));
      await settle();
      bench.scheduler.advance(5000);
      expect(await answer).toMatchObject({ data: { callId, status } });
      expect(last("CALL_ENDED")).toMatchObject({ callId: consultCallId });
      expect(engine.hears(served, actor)).toBe(can);
      engine.hangup(served);
      await settle();
      expect(bench.calls.registry.size).toBe(0);
    },
  );

  it("[C33] the served party leaves: its call ends, the consultation goes on alone", async () => {
    const bench = await asked();
    const { engine, settle, served, actor, target, callId, typesOf, consultCallId, calls } = bench;
    engine.hangup(served);
    await settle();
    expect(typesOf(callId).at(-1)).toBe("CALL_ENDED");
    expect(typesOf(consultCallId).at(-1)).toBe("CALL_ANSWERED");
    expect(engine.hears(actor, target)).toBe(true);
    expect(calls.registry.get(consultCallId)?.shared).toEqual([]);
    engine.hangup(actor);
    await expectNothingLeft(bench);
  });

  it("[C36] the one consulted leaves: the phone hears that, and the call stays held until it is taken back", async () => {
    const bench = await asked();
    const { engine, commands, as, settle, served, actor, target, callId, last, typesOf } = bench;
    engine.hangup(target);
    await settle();
    expect(typesOf(callId).at(-1)).toBe("CALL_HELD");
    expect(engine.hearsPlayback(actor)).toMatchObject({ tone: "busy" });
    expect(engine.hearsHoldMusic(served)).toBe(true);
    expect(await commands.unhold({ callId }, as("201"))).toMatchObject({ data: { status: "answered" } });
    await settle();
    expect(engine.hearsPlayback(actor)).toBeUndefined();
    expect(engine.hears(served, actor)).toBe(true);
    expect(last("CALL_UNHELD")).toMatchObject({ callId });
    engine.hangup(served);
    await expectNothingLeft(bench);
  });

  it("[C36] the one consulted is busy, or not there: the same; and another may be asked then", async () => {
    const bench = await asking();
    const { engine, commands, as, settle, actor, target, callId, last, rung } = bench;
    engine.reject(target, "busy", 486);
    await settle();
    expect(last("CALL_ENDED")).toMatchObject({ hangupCause: "busy" });
    expect(engine.hearsPlayback(actor)).toMatchObject({ tone: "busy" });
    expect(await commands.consult({ callId, to: "203" }, as("201"))).toMatchObject({ ok: true });
    await settle();
    engine.answer(rung());
    await settle();
    expect(engine.hearsPlayback(actor)).toBeUndefined();
    expect(engine.hears(actor, rung())).toBe(true);
  });

  it("[C36] a target that cannot be rung at all ends the consultation at once", async () => {
    const bench = await talking({ "202": { dndEnabled: true } });
    const { engine, commands, as, settle, actor, callId } = bench;
    const answer = await commands.consult({ callId, to: "202" }, as("201"));
    expect(answer).toMatchObject({ ok: true, data: { status: "ended" } });
    await settle();
    expect(engine.hearsPlayback(actor)).toMatchObject({ tone: "busy" });
    engine.hangup(actor);
    await expectNothingLeft(bench);
  });
});

describe("[C35] the phone hangs up while it asks", () => {
  it("[C35] has passed the call on to who has answered", async () => {
    const bench = await asked();
    const { engine, settle, served, actor, target, callId, consultCallId, typesOf, last } = bench;
    engine.hangup(actor);
    await settle();
    expect(typesOf(callId).slice(-2)).toEqual(["CALL_TRANSFERRED", "CALL_ANSWERED"]);
    expect(last("CALL_TRANSFERRED")).toMatchObject({ transferType: "attended", causedBy: { via: "phone" } });
    expect(typesOf(consultCallId).at(-1)).toBe("CALL_ENDED");
    expect(engine.hears(served, target)).toBe(true);
    expect(engine.hearsHoldMusic(served)).toBe(false);
    engine.hangup(served);
    await expectNothingLeft(bench);
  });

  it("[C35] has passed the call on to who still rings", async () => {
    const bench = await asking();
    const { engine, settle, served, actor, target, last } = bench;
    engine.hangup(actor);
    await settle();
    expect(last("CALL_RINGING")).toMatchObject({ caller: { number: "200" }, callee: { number: "202" } });
    engine.answer(target);
    await settle();
    expect(engine.hears(served, target)).toBe(true);
    engine.hangup(target);
    await expectNothingLeft(bench);
  });

  it("[C35] after a swap too: nobody is lost", async () => {
    const bench = await asked();
    const { engine, commands, as, settle, served, actor, target, callId, pair, last } = bench;
    await commands.swap(pair, as("201"));
    engine.hangup(actor);
    await settle();
    expect(last("CALL_TRANSFERRED")).toMatchObject({ callId });
    expect(engine.hears(served, target)).toBe(true);
    engine.hangup(target);
    await expectNothingLeft(bench);
  });

  it("[C4] [C35] the engine is lost: both calls end", async () => {
    const bench = await asked();
    const { engine, settle, callId, consultCallId, typesOf, calls } = bench;
    engine.crash();
    await settle();
    for (const id of [callId, consultCallId])
      expect(typesOf(id).filter((type) => type === "CALL_ENDED")).toHaveLength(1);
    expect(calls.registry.size).toBe(0);
  });
});

describe("[W48] swap", () => {
  it("[C37] [W48] changes between both calls, as often as wanted", async () => {
    const bench = await asked();
    const { engine, commands, as, settle, served, actor, target, callId, consultCallId, pair, events } = bench;
    const before = events.length;
    expect(await commands.swap(pair, as("201"))).toMatchObject({ data: { callId, status: "answered" } });
    await settle();
    expect(events.slice(before).map(({ type, callId: of }) => [type, of])).toEqual([
      ["CALL_HELD", consultCallId],
      ["CALL_UNHELD", callId],
    ]);
    expect(engine.hears(actor, served) && engine.hears(served, actor)).toBe(true);
    expect(engine.hears(actor, target)).toBe(false);
    expect([engine.hearsHoldMusic(served), engine.hearsHoldMusic(target)]).toEqual([false, true]);
    expect(engine.leg(actor)?.party).toMatchObject({ number: "200" });
    expect(await commands.swap(pair, as("201"))).toMatchObject({ data: { callId, status: "held" } });
    await settle();
    expect(engine.hears(actor, target)).toBe(true);
    expect([engine.hearsHoldMusic(served), engine.hearsHoldMusic(target)]).toEqual([true, false]);
    expect(engine.leg(actor)?.party).toMatchObject({ number: "202" });
    expect(await commands.transferAttended(pair, as("201"))).toMatchObject({ ok: true });
    await settle();
    expect(engine.hears(served, target)).toBe(true);
    engine.hangup(served);
    await expectNothingLeft(bench);
  });

  it("[W48] taking the held call back is the same; the consulted one leaves while held, and nothing is heard of it", async () => {
    const bench = await asked();
    const { engine, commands, as, settle, served, actor, target, callId, typesOf } = bench;
    expect(await commands.unhold({ callId }, as("201"))).toMatchObject({ data: { status: "answered" } });
    await settle();
    expect(engine.hearsHoldMusic(target)).toBe(true);
    engine.hangup(target);
    await settle();
    expect(engine.hears(actor, served)).toBe(true);
    expect(engine.hearsPlayback(actor)).toBeUndefined();
    expect(typesOf(callId).at(-1)).toBe("CALL_UNHELD");
    engine.hangup(served);
    await expectNothingLeft(bench);
  });

  it("[W48] the call talked in ends by command: the phone stays for the other", async () => {
    const bench = await asked();
    const { engine, commands, as, settle, served, actor, target, callId, consultCallId, pair } = bench;
    await commands.swap(pair, as("201"));
    await commands.hangup({ callId }, as("201"));
    await settle();
    expect(engine.leg(served)?.state).toBe("ended");
    expect(engine.leg(actor)?.state).toBe("answered");
    expect(engine.hearsPlayback(actor)).toMatchObject({ tone: "busy" });
    await commands.unhold({ callId: consultCallId }, as("201"));
    await settle();
    expect(engine.hears(actor, target)).toBe(true);
    engine.hangup(actor);
    await expectNothingLeft(bench);
  });

  it("[W48] is refused while the other still rings", async () => {
    const { commands, as, pair } = await asking();
    expect(await commands.swap(pair, as("201"))).toMatchObject({
      error: { code: "INVALID_STATE", details: { reason: "not_answered" } },
    });
  });
});
