import { describe, expect, it } from "vitest";
import { createQueueTestbench } from "../queues/queue-testbench.ts";
import { createCallTestbench } from "./call-testbench.ts";

/** 200 talks with 201. */
async function talking() {
  const bench = await createCallTestbench();
  const own = bench.register("200");
  for (const number of ["201", "202"]) bench.register(number);
  const caller = bench.engine.call(own, "201");
  await bench.settle();
  const [callee] = bench.ringingLegs();
  if (callee === undefined) throw new Error("nothing rings");
  bench.engine.answer(callee);
  await bench.settle();
  return { ...bench, caller, callee, callId: String(bench.last("CALL_CREATED")["callId"]) };
}

describe("attachData", () => {
  it("[C80] adds, replaces and takes away by name; what is so already is no event; strangers are refused", async () => {
    const { commands, as, callId, last, typesOf } = await talking();
    const first = await commands.attachData({ callId, data: { customer: "K-1", ticket: { id: 8 } } }, as("200"));
    expect(first).toMatchObject({ ok: true, data: { callId, callData: { customer: "K-1", ticket: { id: 8 } } } });
    await commands.attachData({ callId, data: { customer: "K-2", ticket: null } }, as("201"));
    expect(last("CALL_DATA_ATTACHED")).toMatchObject({ callId, state: "answered", callData: { customer: "K-2" } });
    expect(last("CALL_DATA_ATTACHED")["callData"]).toEqual({ customer: "K-2" });
    await commands.attachData({ callId, data: { customer: "K-2" } }, as("200", "all"));
    expect(typesOf(callId).filter((type) => type === "CALL_DATA_ATTACHED")).toHaveLength(2);
    const stranger = await commands.attachData({ callId, data: { customer: "x" } }, as("202"));
    expect(stranger).toMatchObject({ ok: false, error: { code: "UNAUTHORIZED" } });
  });

  it("[C80] more than a call carries is refused as a whole; an ended call takes nothing", async () => {
    const { commands, as, callId, engine, caller, settle, calls } = await talking();
    await commands.attachData({ callId, data: { kept: "x".repeat(3000) } }, as("200"));
    const more = await commands.attachData({ callId, data: { more: "ü".repeat(600) } }, as("200"));
    expect(more).toMatchObject({
      ok: false,
      error: { code: "INVALID_PARAMS", details: { errors: [{ field: "params.data" }] } },
    });
    expect(Object.keys(calls.registry.get(callId)?.data ?? {})).toEqual(["kept"]);
    engine.hangup(caller);
    await settle();
    const late = await commands.attachData({ callId, data: { a: 1 } }, as("200"));
    expect(late).toMatchObject({ ok: false, error: { code: "INVALID_STATE" } });
  });

  it("[C80] [W41] variables of originate are there from the beginning", async () => {
    const { commands, as, settle, last } = await talking();
    const wish = { from: "202", to: "200", variables: { campaign: "autumn" } };
    expect(await commands.originate(wish, as("202"))).toMatchObject({ ok: true });
    await settle();
    expect(last("CALL_CREATED")).toMatchObject({ callData: { campaign: "autumn" } });
    const much = { campaign: "x".repeat(500), a: "x".repeat(3000) };
    const refused = await commands.originate({ ...wish, variables: { ...much, b: "x".repeat(3000) } }, as("202"));
    expect(refused).toMatchObject({ ok: false, error: { code: "INVALID_PARAMS" } });
  });

  it("[C81] goes along in a transfer, and a consultation takes a copy and gives back what is new", async () => {
    const { commands, as, callId, engine, settle, last, ringingLegs } = await talking();
    await commands.attachData({ callId, data: { customer: "K-1" } }, as("200"));
    const asked = await commands.consult({ callId, to: "202" }, as("201"));
    if (!asked.ok) throw new Error(asked.error.message);
    await settle();
    expect(last("CALL_CREATED")).toMatchObject({ consultFor: callId, callData: { customer: "K-1" } });
    const consultCallId = asked.data.callId;
    const leg = ringingLegs().at(-1);
    if (leg === undefined) throw new Error("nothing rings");
    engine.ring(leg);
    await settle();
    expect(last("CALL_RINGING")).toMatchObject({ callee: { number: "202" }, callData: { customer: "K-1" } });
    engine.answer(leg);
    await settle();
    const more = { customer: "K-9", answer: "yes" };
    await commands.attachData({ callId: consultCallId, data: more }, as("202"));
    await commands.transferAttended({ callId, consultCallId }, as("201"));
    await settle();
    expect(last("CALL_ANSWERED")).toMatchObject({ callId, callData: { customer: "K-1", answer: "yes" } });
  });

  it("[C81] [Q3] goes along through a queue to the agent's offer, the ringing and the answer", async () => {
    const bench = await createQueueTestbench();
    await bench.login("200");
    await bench.login("201");
    const own = bench.engine.call(bench.phone("202"), "203");
    await bench.settle();
    bench.engine.answer(bench.ringingLegs().at(-1) ?? own);
    await bench.settle();
    const callId = String(bench.last("CALL_CREATED")["callId"]);
    await bench.commands.attachData({ callId, data: { customer: "K-1" } }, bench.as("203"));
    await bench.commands.transferBlind({ callId, destination: "300" }, bench.as("203"));
    await bench.settle();
    expect(bench.last("QUEUE_AGENT_OFFERED")).toMatchObject({ callId, callData: { customer: "K-1" } });
    const leg = bench.ringingAt("200");
    bench.engine.ring(leg);
    await bench.settle();
    expect(bench.last("CALL_RINGING")).toMatchObject({
      callee: { number: "200" },
      callData: { customer: "K-1" },
      call: { callData: { customer: "K-1" } },
    });
    // Whom it is offered to may attach, too.
    expect(await bench.commands.attachData({ callId, data: { seen: true } }, bench.as("200"))).toMatchObject({
      ok: true,
    });
    bench.engine.answer(leg);
    await bench.settle();
    expect(bench.last("CALL_ANSWERED")).toMatchObject({ callData: { customer: "K-1", seen: true } });
  });
});
