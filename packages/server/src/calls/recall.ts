import type { Call, Party } from "./call.ts";
import type { DecisionBuilder } from "./decision.ts";
import type { DialSurroundings } from "./dial-destination.ts";
import { endCall } from "./end-call.ts";
import type { CallerSide } from "./leave-destination.ts";
import { ring } from "./ring.ts";
import { emitRinging } from "./ringing.ts";

/** Rings who passed the call on, or parked it, because nobody took it there ([C31], [C41]). */
export function recall(
  builder: DecisionBuilder,
  to: Party,
  caller: CallerSide,
  around: DialSurroundings,
  recallReason: Call["recallReason"],
): void {
  const noFork = { extensionId: to.extensionId ?? "", legs: [] };
  builder.change({
    callee: to,
    transfer: undefined,
    forwardedFrom: undefined,
    isRecall: true,
    recallReason,
    stage: { at: "dialling", ...caller, fork: noFork, isRinging: false },
  });
  const { bindings } = around.destination(to.number);
  if (bindings.length === 0) {
    endCall(builder, { end: { cause: "failed" }, by: "system", reason: recallReason ?? "recall_failed" });
    return;
  }
  const fork = ring(builder, {
    bindings,
    extensionId: noFork.extensionId,
    caller: builder.call.caller,
    callee: to,
    isAutoAnswer: false,
    timeoutMs: around.limits.ringTimeoutMs,
    originatorLegId: caller.callerLegId,
  });
  builder.change({ stage: { at: "dialling", ...caller, fork, isRinging: false } });
  emitRinging(builder);
}
