import type { Binding, LegId } from "@pbx-x/telephony";
import { identityOf } from "./connected-line.ts";
import type { Fork, ForkLeg, Party } from "./call.ts";
import type { DecisionBuilder } from "./decision.ts";

export interface RingOptions {
  readonly bindings: readonly Binding[];
  readonly extensionId: string;
  readonly caller: Party;
  readonly callee: Party;
  readonly isAutoAnswer: boolean;
  readonly timeoutMs: number;
  readonly originatorLegId?: LegId;
}

/** Rings every device of an extension together ([C12]). */
export function ring(builder: DecisionBuilder, options: RingOptions): Fork {
  const legs = options.bindings.map((binding): ForkLeg => {
    const legId = builder.newId<LegId>();
    const target = { kind: "binding", bindingId: binding.bindingId } as const;
    builder.perform({
      op: "dial",
      legId,
      target,
      caller: identityOf(options.caller),
      callee: identityOf(options.callee),
      isAutoAnswer: options.isAutoAnswer,
      timeoutMs: options.timeoutMs,
      ...(options.originatorLegId !== undefined && { originatorLegId: options.originatorLegId }),
    });
    return { legId, target, status: "dialling", allowsRemoteAnswer: binding.allowsRemoteTalk };
  });
  return { extensionId: options.extensionId, legs };
}

export function updateLeg(fork: Fork, legId: LegId, changes: Partial<ForkLeg>): Fork {
  return { ...fork, legs: fork.legs.map((leg) => (leg.legId === legId ? { ...leg, ...changes } : leg)) };
}

/** Stops the devices that still ring. */
export function stopRinging(
  builder: DecisionBuilder,
  fork: Fork,
  cause: "answered_elsewhere" | "cancelled",
  except?: LegId,
): void {
  for (const leg of fork.legs) {
    if (leg.status === "ended" || leg.legId === except) continue;
    builder.perform({ op: "hangup", legId: leg.legId, cause });
  }
}

export function isExhausted(fork: Fork): boolean {
  return fork.legs.every((leg) => leg.status === "ended");
}
