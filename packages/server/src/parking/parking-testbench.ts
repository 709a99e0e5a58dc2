import type { BindingId, LegId } from "@pbx-x/telephony";
import { type CallTestbench, createCallTestbench } from "../calls/call-testbench.ts";
import type { Extension } from "../extensions/extension.ts";

/** 200 has called 201 and they talk; 202 is free. */
export interface TalkingBench extends CallTestbench {
  readonly callerLeg: LegId;
  readonly calleeLeg: LegId;
  readonly callId: string;
  /** The phone of an extension. */
  phone(number: "200" | "201" | "202"): BindingId;
  /** The phone that was rung last. */
  rung(): LegId;
  /** Types of the call's events from the first one after the answer. */
  since(): readonly string[];
}

export async function createTalkingBench(
  each: Readonly<Record<string, Partial<Extension>>> = {},
): Promise<TalkingBench> {
  const bench = await createCallTestbench({}, each);
  const registered = ["200", "201", "202"].map((number) => bench.register(number, { expiresMs: 7 * 86_400_000 }));
  const phone = (number: "200" | "201" | "202"): BindingId => {
    const bindingId = registered[Number(number) - 200];
    if (bindingId === undefined) throw new Error(`${number} has no phone`);
    return bindingId;
  };
  const callerLeg = bench.engine.call(phone("200"), "201");
  await bench.settle();
  const rung = (): LegId => {
    const leg = bench.ringingLegs().at(-1);
    if (leg === undefined) throw new Error("nothing rings");
    return leg;
  };
  const calleeLeg = rung();
  bench.engine.answer(calleeLeg);
  await bench.settle();
  const callId = String(bench.last("CALL_CREATED")["callId"]);
  return { ...bench, callerLeg, calleeLeg, callId, phone, rung, since: () => bench.typesOf(callId).slice(3) };
}
