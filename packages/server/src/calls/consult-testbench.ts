import type { LegId } from "@pbx-x/telephony";
import { expect } from "vitest";
import type { Extension } from "../extensions/extension.ts";
import { createCallTestbench } from "./call-testbench.ts";
import { newestLeg } from "./newest-leg.ts";

type Each = Readonly<Record<string, Partial<Extension>>>;

/** 200 (served) called 201, who answered; 202 and 203 are free. */
export async function talking(each: Each = {}) {
  const bench = await createCallTestbench({}, each);
  const own = bench.register("200");
  for (const number of ["201", "202", "203"]) bench.register(number);
  const served = bench.engine.call(own, "201");
  await bench.settle();
  const actor = newestLeg(bench.ringingLegs());
  bench.engine.answer(actor);
  await bench.settle();
  const callId = String(bench.last("CALL_CREATED")["callId"]);
  const rung = (): LegId => newestLeg(bench.ringingLegs());
  return { ...bench, served, actor, callId, rung };
}

/** 201 asks 202, whose phone rings. */
export async function asking(each: Each = {}) {
  const bench = await talking(each);
  const answer = await bench.commands.consult({ callId: bench.callId, to: "202" }, bench.as("201"));
  if (!answer.ok) throw new Error(answer.error.message);
  await bench.settle();
  const target = bench.rung();
  bench.engine.ring(target);
  await bench.settle();
  const consultCallId = answer.data.callId;
  return { ...bench, answer, target, consultCallId, pair: { callId: bench.callId, consultCallId } };
}

/** 202 has answered. */
export async function asked(each: Each = {}) {
  const bench = await asking(each);
  bench.engine.answer(bench.target);
  await bench.settle();
  return bench;
}

type Bench = Awaited<ReturnType<typeof asked>>;

/** All that was used is given back. */
export async function expectNothingLeft({ engine, calls, settle }: Bench | Awaited<ReturnType<typeof talking>>) {
  await settle();
  expect(calls.registry.size).toBe(0);
  expect(engine.usage()).toMatchObject({ legs: 0, bridges: 0, playbacks: 0 });
}
