import { describe, expect, it } from "vitest";
import { createOutsideTestbench } from "./outside-testbench.ts";

const alpha = { id: "alpha", name: "alpha" };
const toAnna = { inbound: [{}] };
const max = { number: "01701234567", name: "Max" };

describe("inbound calls", () => {
  it("[C11] [C16] a call from outside rings the extension: caller in E.164, name as delivered, trunk", async () => {
    const { engine, deliver, ringing, settle, last, types, events } = await createOutsideTestbench(toAnna);
    const caller = await deliver("030 5550", max);
    expect(engine.leg(ringing())?.caller).toEqual({ number: "+491701234567", name: "Max" });
    engine.ring(ringing());
    const callee = ringing();
    engine.answer(callee);
    await settle();
    expect(engine.hears(caller, callee)).toBe(true);
    engine.hangup(caller);
    await settle();
    expect(types().slice(1)).toEqual(["CALL_CREATED", "CALL_RINGING", "CALL_ANSWERED", "CALL_ENDED"]);
    expect(last("CALL_CREATED")).toMatchObject({
      direction: "inbound",
      caller: { number: "+491701234567", name: "Max" },
      callee: { number: "200", name: "Anna Schmidt" },
    });
    for (const { data } of events.slice(1)) expect(data["trunk"]).toEqual(alpha);
    expect(last("CALL_ENDED")).toMatchObject({ hangupCause: "normal_clearing", hangupBy: "caller" });
  });

  it("[C11] a caller who hides has no number and no name", async () => {
    const { engine, deliver, ringing, last } = await createOutsideTestbench(toAnna);
    await deliver("+49305550", { number: "anonymous", isPrivate: true, name: "Max" });
    expect(last("CALL_CREATED")["caller"]).toEqual({ number: "" });
    expect(engine.leg(ringing())?.caller).toEqual({ number: "anonymous" });
  });

  it("[C16] [G6] nobody's number: 404 to the carrier, a record, a warning without the whole number", async () => {
    const { engine, deliver, last, settle, warnings } = await createOutsideTestbench(toAnna);
    const leg = await deliver("+49309998877", max);
    await settle();
    expect(engine.leg(leg)?.sees.at(-1)).toMatchObject({ kind: "ended", sipCode: 404 });
    expect(last("CALL_CREATED")).toMatchObject({
      direction: "inbound",
      callee: { number: "+49309998877" },
      trunk: alpha,
    });
    expect(last("CALL_ENDED")).toMatchObject({ hangupCause: "failed", reason: "no_such_number", sipCode: 404 });
    expect(warnings).toEqual([
      [{ trunk: "alpha", number: "+493…77" }, "a call from outside is for a number that no inbound rule is about"],
    ]);
  });

  it("[C16] a trunk that is not configured any more delivers nothing", async () => {
    const { engine, deliver, types } = await createOutsideTestbench({ ...toAnna, trunks: [{ id: "other" }] });
    const leg = await deliver("+49305550", max);
    expect(engine.leg(leg)?.sees.at(-1)).toMatchObject({ sipCode: 404 });
    expect(types()).not.toContain("CALL_CREATED");
  });

  it("[C13] [C15] busy and forwarding as for internal calls", async () => {
    const busy = await createOutsideTestbench(toAnna);
    const leg = await busy.deliver("+49305550", max);
    busy.engine.reject(busy.ringing(), "busy", 486);
    await busy.settle();
    expect(busy.engine.leg(leg)?.sees.at(-1)).toMatchObject({ sipCode: 486 });
    expect(busy.last("CALL_ENDED")).toMatchObject({ hangupCause: "busy", trunk: alpha });
    const forwarded = await createOutsideTestbench({
      ...toAnna,
      extensions: { "200": { forwardOnBusyEnabled: true, forwardOnBusyDestination: "201" } },
    });
    forwarded.register("201");
    await forwarded.deliver("+49305550", max);
    forwarded.engine.reject(forwarded.ringing(), "busy", 486);
    await forwarded.settle();
    expect(forwarded.engine.leg(forwarded.ringing())?.callee).toMatchObject({ number: "201" });
  });

  it("[G9] a trunk at its limit is busy for the carrier; calls of both directions count", async () => {
    const { engine, dial, deliver, ringing, settle, last } = await createOutsideTestbench({
      ...toAnna,
      trunks: [{ maxConcurrentCalls: 1 }],
    });
    await dial("0301234567");
    engine.answer(ringing());
    await settle();
    const leg = await deliver("+49305550", max);
    expect(engine.leg(leg)?.sees.at(-1)).toMatchObject({ sipCode: 486 });
    expect(last("CALL_ENDED")).toMatchObject({ hangupCause: "busy", reason: "trunk_at_maximum_calls", trunk: alpha });
  });

  it("[G6] emergency numbers and numbers outside cannot be reached from outside", async () => {
    const block = { inbound: [{ didPattern: "+49305.", destination: { kind: "direct_dial", digits: 3 } as const }] };
    const { engine, deliver, ringingLegs } = await createOutsideTestbench(block);
    const leg = await deliver("+49305112", max);
    expect(engine.leg(leg)?.sees.at(-1)).toMatchObject({ sipCode: 404 });
    expect(ringingLegs()).toEqual([]);
  });

  it("[G6] an inbound rule may lead outside, by another trunk, within what the guards allow", async () => {
    const out = (number: string) => ({
      inbound: [{ destination: { kind: "outside", number } as const }],
      outbound: [{ trunkIds: ["beta"] }],
    });
    const { engine, deliver, ringing, last } = await createOutsideTestbench(out("0401234567"));
    await deliver("+49305550", max);
    expect(engine.leg(ringing())).toMatchObject({
      target: { trunkId: "beta", number: "0401234567" },
      caller: { number: "+49305551" },
    });
    expect(last("CALL_CREATED")).toMatchObject({
      direction: "inbound",
      trunk: alpha,
      callee: { number: "+49401234567" },
    });
    const premium = await createOutsideTestbench(out("0900123456"));
    await premium.deliver("+49305550", max);
    expect(premium.last("CALL_ENDED")).toMatchObject({ hangupCause: "rejected", reason: "not_allowed" });
  });

  it("[G14] what is beyond a trunk cannot pass the call on", async () => {
    const { engine, deliver, ringing, settle, types } = await createOutsideTestbench(toAnna);
    const caller = await deliver("+49305550", max);
    engine.answer(ringing());
    await settle();
    const request = engine.transferBlind(caller, "0900123456");
    await settle();
    expect(engine.transfer(request)?.outcome).toBe("not_allowed");
    expect(types()).not.toContain("CALL_TRANSFERRED");
  });
});
