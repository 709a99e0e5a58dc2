import { describe, expect, it } from "vitest";
import { createCallTestbench } from "./call-testbench.ts";

/** 200 talks with 201. */
async function talking(callee: Parameters<Awaited<ReturnType<typeof createCallTestbench>>["register"]>[1] = {}) {
  const bench = await createCallTestbench();
  const own = bench.register("200");
  bench.register("201", callee);
  const callerLeg = bench.engine.call(own, "201");
  await bench.settle();
  const [calleeLeg] = bench.ringingLegs();
  if (calleeLeg === undefined) throw new Error("nothing rings");
  bench.engine.answer(calleeLeg);
  await bench.settle();
  const callId = String(bench.last("CALL_CREATED")["callId"]);
  return { ...bench, callerLeg, calleeLeg, callId };
}

describe("hold by command", () => {
  it("[C20] takes the voice apart, plays music to the other and tells who holds; unhold joins them again", async () => {
    const { engine, commands, as, settle, callId, callerLeg, calleeLeg, last, typesOf } = await talking();
    expect(await commands.hold({ callId }, as("200"))).toMatchObject({ ok: true, data: { callId, status: "held" } });
    await settle();
    expect(engine.hears(callerLeg, calleeLeg) || engine.hears(calleeLeg, callerLeg)).toBe(false);
    expect(engine.performed).toContainEqual({ op: "holdMusic", legId: calleeLeg, isOn: true });
    expect(last("CALL_HELD")).toMatchObject({
      state: "held",
      heldBy: { number: "200" },
      holders: [{ number: "200" }],
      causedBy: { via: "command", userId: "user-200" },
    });
    expect(await commands.unhold({ callId }, as("200"))).toMatchObject({ ok: true, data: { status: "answered" } });
    await settle();
    expect(engine.hears(callerLeg, calleeLeg)).toBe(true);
    expect(engine.performed).toContainEqual({ op: "holdMusic", legId: calleeLeg, isOn: false });
    expect(last("CALL_UNHELD")).toMatchObject({ state: "answered", unheldBy: { number: "200" } });
    expect(typesOf(callId).slice(3)).toEqual(["CALL_HELD", "CALL_UNHELD"]);
  });

  it("[C20] [C22] both may hold; the call is held until nobody does, and it is told who still does", async () => {
    const { commands, as, callId, typesOf, events } = await talking();
    await commands.hold({ callId }, as("200"));
    await commands.hold({ callId }, as("201"));
    expect(await commands.unhold({ callId }, as("200"))).toMatchObject({ data: { status: "held" } });
    expect(await commands.unhold({ callId }, as("201"))).toMatchObject({ data: { status: "answered" } });
    expect(typesOf(callId).slice(3)).toEqual(["CALL_HELD", "CALL_HELD", "CALL_HELD", "CALL_UNHELD"]);
    const still = events.findLast(({ type }) => type === "CALL_HELD")?.data;
    expect(still).toMatchObject({ heldBy: { number: "201" }, holders: [{ number: "201" }], state: "held" });
  });

  it("[C20] a party that holds at its phone and by command is one holder; resuming at the phone ends both", async () => {
    const { engine, commands, as, settle, callId, callerLeg, calleeLeg, typesOf } = await talking();
    await commands.hold({ callId }, as("200"));
    await settle();
    engine.hold(callerLeg);
    engine.unhold(callerLeg);
    await settle();
    expect(typesOf(callId).slice(3)).toEqual(["CALL_HELD", "CALL_UNHELD"]);
    expect(engine.hears(callerLeg, calleeLeg)).toBe(true);
  });

  it("[C21] unhold of a hold made at the phone asks the phone", async () => {
    const { engine, commands, as, settle, callId, calleeLeg, last } = await talking({
      allowsRemoteTalk: true,
      allowsRemoteHold: true,
    });
    engine.hold(calleeLeg);
    await settle();
    const answer = commands.unhold({ callId }, as("201"));
    await settle();
    expect(await answer).toMatchObject({ ok: true, data: { status: "answered" } });
    expect(last("CALL_UNHELD")).toMatchObject({ causedBy: { via: "command", userId: "user-201" } });
  });

  it("[C23] a phone that announces it holds as well, with one event; unhold makes it resume, with one event", async () => {
    const { engine, commands, as, settle, callId, callerLeg, calleeLeg, typesOf, last } = await talking({
      allowsRemoteTalk: true,
      allowsRemoteHold: true,
    });
    expect(await commands.hold({ callId }, as("201"))).toMatchObject({ ok: true, data: { status: "held" } });
    await settle();
    expect(engine.leg(calleeLeg)?.isHeld).toBe(true);
    const answer = commands.unhold({ callId }, as("201"));
    await settle();
    expect(await answer).toMatchObject({ ok: true, data: { status: "answered" } });
    expect(engine.leg(calleeLeg)?.isHeld).toBe(false);
    expect(typesOf(callId).slice(3)).toEqual(["CALL_HELD", "CALL_UNHELD"]);
    expect(last("CALL_UNHELD")).toMatchObject({ causedBy: { via: "command" } });
    expect(engine.hears(callerLeg, calleeLeg)).toBe(true);
  });

  it("[C23] unhold at the same moment waits for the phone; nothing is told twice", async () => {
    const { engine, commands, as, settle, callId, calleeLeg, typesOf } = await talking({
      allowsRemoteTalk: true,
      allowsRemoteHold: true,
    });
    const [held, unheld] = [commands.hold({ callId }, as("201")), commands.unhold({ callId }, as("201"))];
    await settle();
    expect([await held, await unheld]).toMatchObject([{ ok: true }, { ok: true, data: { status: "answered" } }]);
    await settle();
    expect(engine.leg(calleeLeg)?.isHeld).toBe(false);
    expect(typesOf(callId).slice(3)).toEqual(["CALL_HELD", "CALL_UNHELD"]);
  });

  it("[C23] consult of a call that the phone holds too: the phone resumes for it, the call stays held", async () => {
    const { engine, register, commands, as, settle, callId, callerLeg, calleeLeg, typesOf, ringingLegs } =
      await talking({
        allowsRemoteTalk: true,
        allowsRemoteHold: true,
      });
    register("202");
    await commands.hold({ callId }, as("201"));
    await settle();
    const consulted = commands.consult({ callId, to: "202" }, as("201"));
    await settle();
    expect(await consulted).toMatchObject({ ok: true });
    expect(engine.leg(calleeLeg)?.isHeld).toBe(false);
    expect(engine.hearsHoldMusic(callerLeg)).toBe(true);
    expect(typesOf(callId).slice(3)).toEqual(["CALL_HELD"]);
    const third = ringingLegs().find((legId) => legId !== calleeLeg);
    if (third === undefined) throw new Error("nobody is asked");
    engine.answer(third);
    await settle();
    expect(engine.hears(calleeLeg, third)).toBe(true);
  });

  it("[C21] a phone that cannot be told says so", async () => {
    const { engine, commands, as, settle, scheduler, callId, calleeLeg } = await talking();
    engine.hold(calleeLeg);
    await settle();
    const answer = commands.unhold({ callId }, as("201"));
    await settle();
    scheduler.advance(5000);
    expect(await answer).toMatchObject({
      ok: false,
      error: { code: "INVALID_STATE", details: { state: "held", reason: "held_at_device" } },
    });
  });

  it("[W40] [W46] refuses twice the same, calls that are not answered, strangers, and supervisors who name nobody", async () => {
    const { commands, as, callId } = await talking();
    const reason = async (answer: Promise<unknown>) =>
      ((await answer) as { error: { code: string; details?: { reason: string } } }).error;
    expect(await reason(commands.unhold({ callId }, as("200")))).toMatchObject({ details: { reason: "not_held" } });
    await commands.hold({ callId }, as("200"));
    expect(await reason(commands.hold({ callId }, as("200")))).toMatchObject({ details: { reason: "already_held" } });
    expect(await reason(commands.hold({ callId }, as("202")))).toMatchObject({ code: "UNAUTHORIZED" });
    expect(await reason(commands.hold({ callId }, as("202", "all")))).toMatchObject({
      details: { reason: "not_a_party" },
    });
    const extensionId = "10000000-0000-7000-8000-000000000201";
    expect(await commands.hold({ callId, extensionId }, as("202", "all"))).toMatchObject({ ok: true });
    const unknown = "019a0000-0000-7000-8000-00000000abcd";
    expect(await reason(commands.hold({ callId: unknown }, as("200")))).toMatchObject({ code: "CALL_NOT_FOUND" });
  });

  it("[W47] two commands at the same moment: the second is judged by what the first left", async () => {
    const { commands, as, callId, typesOf } = await talking();
    const answers = await Promise.all([commands.hold({ callId }, as("200")), commands.hold({ callId }, as("200"))]);
    expect(answers).toMatchObject([{ ok: true }, { ok: false, error: { details: { reason: "already_held" } } }]);
    expect(typesOf(callId).filter((type) => type === "CALL_HELD")).toHaveLength(1);
  });

  it("[C14] hold time counts as hold, and nothing is left when the call ends on hold", async () => {
    const { engine, commands, as, settle, scheduler, callId, callerLeg, calls, last } = await talking();
    scheduler.advance(2000);
    await commands.hold({ callId }, as("201"));
    scheduler.advance(3000);
    engine.hangup(callerLeg);
    await settle();
    expect(last("CALL_ENDED")).toMatchObject({ phases: { talkSeconds: 2, holdSeconds: 3 } });
    expect(calls.registry.size).toBe(0);
    expect(engine.usage()).toMatchObject({ legs: 0, bridges: 0, playbacks: 0 });
  });
});

describe("mute and keys", () => {
  it("[W43] mutes and unmutes the own leg", async () => {
    const { engine, commands, as, settle, callId, callerLeg, calleeLeg } = await talking();
    expect(await commands.mute({ callId }, as("200"))).toMatchObject({ ok: true, data: { callId } });
    await settle();
    expect([engine.hears(calleeLeg, callerLeg), engine.hears(callerLeg, calleeLeg)]).toEqual([false, true]);
    await commands.unmute({ callId }, as("200"));
    expect(engine.hears(calleeLeg, callerLeg)).toBe(true);
  });

  it("[C62] tells who is muted, once, and the legs say so until it ends", async () => {
    const { commands, as, callId, last, events } = await talking();
    const legs = (type: string) => (last(type)["legs"] as { side: string; isMuted?: boolean }[] | undefined) ?? [];
    await commands.mute({ callId }, as("200"));
    await commands.mute({ callId }, as("200"));
    expect(events.filter(({ type }) => type === "CALL_MUTED")).toHaveLength(1);
    expect(last("CALL_MUTED")).toMatchObject({ mutedBy: { number: "200" }, state: "answered" });
    expect(legs("CALL_MUTED").map(({ side, isMuted }) => [side, isMuted])).toEqual([
      ["caller", true],
      ["callee", undefined],
    ]);
    await commands.hold({ callId }, as("201"));
    expect(legs("CALL_HELD")[0]).toMatchObject({ side: "caller", isMuted: true });
    await commands.unmute({ callId }, as("200"));
    expect(last("CALL_UNMUTED")).toMatchObject({ unmutedBy: { number: "200" }, state: "held" });
    expect(legs("CALL_UNMUTED").map(({ isMuted }) => isMuted)).toEqual([undefined, undefined]);
  });

  it("[W43] sends keys to the other side", async () => {
    const { engine, commands, as, callId, calleeLeg } = await talking();
    expect(await commands.sendDtmf({ callId, digits: "12#" }, as("200"))).toMatchObject({ ok: true });
    expect(engine.performed.at(-1)).toEqual({ op: "sendDtmf", legId: calleeLeg, digits: "12#" });
  });
});
