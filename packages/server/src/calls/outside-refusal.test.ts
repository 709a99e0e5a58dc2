import { describe, expect, it } from "vitest";
import { createOutsideTestbench } from "./outside-testbench.ts";

const premium = "0900123456";

describe("guards in calls", () => {
  it("[G10] [G13] a phone dials a premium number: 403 with a reason for the person, the call ends rejected", async () => {
    const { engine, dial, last, refusals, ringingLegs } = await createOutsideTestbench();
    const leg = await dial(premium);
    expect(engine.leg(leg)?.sees.at(-1)).toMatchObject({ kind: "ended", sipCode: 403 });
    expect(engine.performed.findLast(({ op }) => op === "hangup")).toMatchObject({
      explanation: "Outside call refused: the role user may not call numbers of the class premium",
    });
    expect(last("CALL_CREATED")).toMatchObject({ direction: "outbound" });
    expect(last("CALL_CREATED")).not.toHaveProperty("trunk");
    expect(last("CALL_ENDED")).toMatchObject({
      hangupCause: "rejected",
      hangupBy: "system",
      reason: "not_allowed",
      sipCode: 403,
    });
    expect(refusals).toEqual([
      expect.objectContaining({
        reason: "not_allowed",
        class: "premium",
        payerId: expect.stringMatching(/200$/) as string,
      }),
    ]);
    expect(ringingLegs()).toEqual([]);
  });

  it("[G10] a permission of the user opens it", async () => {
    const { engine, dial, ringing } = await createOutsideTestbench({
      rights: { "user-200": { role: "user", grantedPermissions: ["calls.outside.premium"] } },
    });
    await dial(premium);
    expect(engine.leg(ringing())?.target).toMatchObject({ number: premium });
  });

  it("[G13] originate is refused with the reason, and rings no phone", async () => {
    const { commands, as, refusals, ringingLegs, types } = await createOutsideTestbench();
    const outcome = await commands.originate({ from: "200", to: "0043112345" }, as("200"));
    expect(outcome).toMatchObject({
      ok: false,
      error: { code: "NUMBER_NOT_REACHABLE", details: { reason: "not_allowed", class: "international" } },
    });
    expect(refusals).toHaveLength(1);
    expect(ringingLegs()).toEqual([]);
    expect(types()).not.toContain("CALL_CREATED");
  });

  it("[G11] [G13] too many at once", async () => {
    const { engine, dial, ringing, settle, last } = await createOutsideTestbench({
      guards: { maxCallsAtOnce: 1 },
      extensions: { "200": { maxConcurrentCalls: 5 } },
    });
    const first = await dial("0301111111");
    engine.answer(ringing());
    await settle();
    await dial("0302222222");
    expect(last("CALL_ENDED")).toMatchObject({ hangupCause: "rejected", reason: "outside_calls_at_once" });
    engine.hangup(first);
    await settle();
    await dial("0302222222");
    expect(engine.leg(ringing())?.target).toMatchObject({ number: "0302222222" });
  });

  it("[G11] too many within an hour; a fail-over counts once", async () => {
    const { engine, dial, ringing, settle, last, scheduler } = await createOutsideTestbench({
      guards: { maxCallsPerHour: 2 },
    });
    for (let call = 0; call < 2; call += 1) {
      await dial("0301111111");
      engine.reject(ringing(), "failed", 503);
      await settle();
      engine.reject(ringing(), "busy", 486);
      await settle();
    }
    await dial("0301111111");
    expect(last("CALL_ENDED")).toMatchObject({ reason: "outside_calls_per_hour" });
    scheduler.advance(3600_000);
    await dial("0301111111");
    expect(ringing()).toBeDefined();
  });

  describe("forwarding and passing on", () => {
    const forwarding = (number: string) => ({
      extensions: { "201": { forwardUnconditionalEnabled: true, forwardUnconditionalDestination: number } },
    });

    it("[C11] [C15] [G12] a forwarding goes outside on the forwarding extension's account, from inside and from outside", async () => {
      const inside = await createOutsideTestbench(forwarding("0301234567"));
      await inside.dial("201");
      expect(inside.engine.leg(inside.ringing())?.target).toMatchObject({ trunkId: "alpha", number: "0301234567" });
      inside.engine.ring(inside.ringing());
      await inside.settle();
      expect(inside.last("CALL_RINGING")).toMatchObject({
        callee: { number: "+49301234567" },
        forwardedFrom: { number: "201" },
        trunk: { id: "alpha", name: "alpha" },
      });
      expect(inside.last("CALL_CREATED")).toMatchObject({ direction: "internal", callee: { number: "201" } });
      const outside = await createOutsideTestbench({
        ...forwarding("0301234567"),
        inbound: [{ destination: { kind: "internal", number: "201" } }],
        outbound: [{ callerId: { mode: "extension", number: "+493012345" } }],
      });
      await outside.deliver("+49305550");
      expect(outside.engine.leg(outside.ringing())).toMatchObject({
        target: { trunkId: "alpha", number: "0301234567" },
        caller: { number: "+493012345201" },
      });
    });

    it("[G12] a forwarding is judged by the forwarding user's rights, not the caller's", async () => {
      const rights = { "user-200": { role: "user", grantedPermissions: ["calls.outside.premium"] } } as const;
      const { dial, last, refusals } = await createOutsideTestbench({ ...forwarding(premium), rights });
      await dial("201");
      expect(last("CALL_ENDED")).toMatchObject({ hangupCause: "rejected", reason: "not_allowed" });
      expect(refusals).toEqual([expect.objectContaining({ payerId: expect.stringMatching(/201$/) as string })]);
    });

    it("[G11] [G12] forwardings count for whoever forwards", async () => {
      const { dial, deliver, engine, ringing, settle, last } = await createOutsideTestbench({
        ...forwarding("0301234567"),
        inbound: [{ destination: { kind: "internal", number: "201" } }],
        guards: { maxCallsAtOnce: 1 },
      });
      await deliver("+49305550");
      engine.answer(ringing());
      await settle();
      await deliver("+49305550");
      expect(last("CALL_ENDED")).toMatchObject({ reason: "outside_calls_at_once" });
      await dial("0309999999");
      expect(engine.leg(ringing())?.target).toMatchObject({ number: "0309999999" });
    });

    it("[C30] [G12] blind transfer outside, by command: the served party hears it ring and is connected", async () => {
      const { register, dial, engine, ringing, settle, commands, as, last } = await createOutsideTestbench();
      register("201");
      const served = await dial("201");
      engine.answer(ringing());
      await settle();
      const callId = String(last("CALL_CREATED")["callId"]);
      const outcome = await commands.transferBlind({ callId, destination: "0301234567" }, as("201"));
      expect(outcome).toMatchObject({ ok: true });
      await settle();
      const target = ringing();
      expect(engine.leg(target)?.target).toMatchObject({ trunkId: "alpha", number: "0301234567" });
      engine.answer(target);
      await settle();
      expect(last("CALL_TRANSFERRED")).toMatchObject({ transferTarget: { number: "+49301234567" } });
      expect(last("CALL_ANSWERED")).toMatchObject({
        callId,
        answeredBy: { number: "+49301234567" },
        trunk: { name: "alpha" },
      });
      expect(engine.hears(served, target)).toBe(true);
    });

    it("[C30] [G7] fail-over while transferring tells the client once that it rings", async () => {
      const { register, dial, engine, ringing, settle, commands, as, last, events } = await createOutsideTestbench();
      register("201");
      await dial("201");
      engine.answer(ringing());
      await settle();
      const callId = String(last("CALL_CREATED")["callId"]);
      const before = events.length;
      await commands.transferBlind({ callId, destination: "0301234567" }, as("201"));
      await settle();
      engine.reject(ringing(), "failed", 503);
      await settle();
      engine.ring(ringing());
      engine.answer(ringing());
      await settle();
      expect(events.slice(before).map(({ type }) => type)).toEqual([
        "CALL_TRANSFERRED",
        "CALL_RINGING",
        "CALL_ANSWERED",
      ]);
      expect(last("CALL_ANSWERED")["trunk"]).toEqual({ id: "beta", name: "beta" });
    });

    it("[G12] [G13] a transfer to a premium number is refused, by command and by phone, and the call stays as it was", async () => {
      const { register, dial, engine, ringing, settle, commands, as, last, types, refusals } =
        await createOutsideTestbench();
      register("201");
      await dial("201");
      const phone = ringing();
      engine.answer(phone);
      await settle();
      const callId = String(last("CALL_CREATED")["callId"]);
      const outcome = await commands.transferBlind({ callId, destination: premium }, as("201"));
      expect(outcome).toMatchObject({
        ok: false,
        error: { code: "NUMBER_NOT_REACHABLE", details: { reason: "not_allowed" } },
      });
      const request = engine.transferBlind(phone, premium);
      await settle();
      expect(engine.transfer(request)?.outcome).toBe("not_allowed");
      expect(types()).not.toContain("CALL_TRANSFERRED");
      expect(refusals).toHaveLength(2);
    });

    it("[C32] [G12] consultation with somebody outside", async () => {
      const { register, dial, engine, ringing, settle, commands, as, last } = await createOutsideTestbench();
      register("201");
      await dial("201");
      engine.answer(ringing());
      await settle();
      const callId = String(last("CALL_CREATED")["callId"]);
      expect(await commands.consult({ callId, to: premium }, as("201"))).toMatchObject({ ok: false });
      expect(await commands.consult({ callId, to: "0301234567" }, as("201"))).toMatchObject({ ok: true });
      expect(last("CALL_CREATED")).toMatchObject({
        direction: "outbound",
        consultFor: callId,
        callee: { number: "+49301234567" },
        trunk: { name: "alpha" },
      });
      expect(engine.leg(ringing())?.target).toMatchObject({ trunkId: "alpha" });
    });
  });
});
