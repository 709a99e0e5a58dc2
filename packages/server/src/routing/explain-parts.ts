import type { Binding } from "@pbx-x/telephony";
import type { CallService } from "../calls/call-service.ts";
import type { ExplainParts } from "./explain-route.ts";
import type { OutsideCalls } from "./outside-calls.ts";

/** What explaining asks: the very parts that calls ask ([G20]). */
export function explainParts(
  calls: Pick<CallService, "outside" | "ownNumbers">,
  outside: OutsideCalls,
  bindingsOf: (extensionId: string) => readonly Binding[],
): ExplainParts {
  return {
    outside,
    ownNumbers: () => calls.ownNumbers(),
    judge: (route, payerId) => calls.outside.judge(route, payerId),
    isTrunkFree: (trunkId) => calls.outside.surroundings().isTrunkFree(trunkId),
    devicesOf: (extensionId) => bindingsOf(extensionId).length,
  };
}
