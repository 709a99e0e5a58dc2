import { brandId, type LegId, type PartyIdentity, type TrunkId } from "@pbx-x/telephony";
import { queueForward } from "../queues/queue-entry.ts";
import type { Route } from "../routing/route-number.ts";
import type { OutsideAttempt, OutsideRoute } from "../routing/route-outside.ts";
import type { Call, CallDirection, CallStage, Fork, LegEnd, Party } from "./call.ts";
import type { DecisionBuilder } from "./decision.ts";
import type { DialSurroundings } from "./dial-destination.ts";
import { calleeOf } from "./parties.ts";
import type { CallerSide } from "./leave-destination.ts";
import { unreachable } from "./unreachable.ts";

/** Rings a number beyond the trunks, or says why not ([C16], [G12], [G13]). */
export function dialOutside(
  builder: DecisionBuilder,
  route: OutsideRoute,
  around: DialSurroundings,
  caller: CallerSide,
): void {
  const payerId = payerOf(builder.call);
  const verdict = around.outside.judge(route, payerId);
  if (!verdict.ok) {
    const { reason, why } = verdict;
    const { callId } = builder.call;
    builder.report({ reason, why, class: route.class, number: route.number, payerId, callId });
    const end = { cause: "not_allowed", sipCode: 403 } as const;
    unreachable(builder, { end, by: "system", reason, explanation: `Outside call refused: ${why}` }, around);
    return;
  }
  builder.noteOutside(payerId);
  if (tryTrunk(builder, { route, untried: route.attempts }, around, caller)) return;
  const end = { cause: "failed", sipCode: 503 } as const;
  unreachable(builder, { end, by: "system", reason: "trunks_at_maximum_calls" }, around);
}

/** Direction and called party of a call that begins here; with the trunk that it takes, if it may and there is one ([C11]). */
export function wayTo(
  dialled: string,
  route: Route,
  caller: Party,
  around: DialSurroundings,
): { readonly direction: CallDirection; readonly callee: Party } {
  const callee = calleeOf(dialled, route);
  if (route.kind !== "outside") return { direction: "internal", callee };
  const isAllowed = around.outside.judge(route.outside, caller.extensionId).ok;
  const trunk = isAllowed ? usable(route.outside, route.outside.attempts, around)[0]?.trunk : undefined;
  return { direction: "outbound", callee: trunk === undefined ? callee : { ...callee, outside: { trunk } } };
}

/**
 * The trunk did not do its work: the next one is tried, and nobody is told ([G7]). False where the far side answered for the
 * called party, or there is no other trunk.
 */
export function failOver(
  builder: DecisionBuilder,
  stage: Extract<CallStage, { at: "dialling" }>,
  legId: LegId,
  around: DialSurroundings,
): boolean {
  const { outside, legs } = stage.fork;
  const leg = legs.find((one) => one.legId === legId);
  if (outside === undefined || leg?.status !== "dialling") return false;
  if (!tryTrunk(builder, outside, around, stage)) return false;
  const { stage: next } = builder.call;
  if (next.at === "dialling") builder.change({ stage: { ...next, isRinging: stage.isRinging } });
  return true;
}

/** What an end says of the trunk, and not of the called party. */
export function isTrunksFault({ cause, sipCode }: LegEnd): boolean {
  if (cause === "no_response") return true;
  if (cause !== "failed") return false;
  return sipCode === undefined || (sipCode >= 500 && sipCode < 600) || [401, 407, 408].includes(sipCode);
}

/** Who answers for sending a call outside ([G12]). */
export function payerOf({ forwards, transfer, caller }: Call): string | undefined {
  const last = forwards.at(-1);
  // What a queue sends outside is configured, as what an inbound rule does.
  if (last?.startsWith(queueForward) === true) return undefined;
  return last ?? (transfer === undefined ? caller.extensionId : transfer.by.extensionId);
}

function tryTrunk(
  builder: DecisionBuilder,
  { route, untried }: NonNullable<Fork["outside"]>,
  around: DialSurroundings,
  caller: CallerSide,
): boolean {
  const [attempt, ...rest] = usable(route, untried, around);
  if (attempt === undefined) return false;
  const { call } = builder;
  const paidBy = payerOf(call);
  const legId = builder.newId<LegId>();
  const target = { kind: "trunk", trunkId: brandId<TrunkId>(attempt.trunk.id), number: attempt.number } as const;
  builder.perform({
    op: "dial",
    legId,
    target,
    caller: callerFor(attempt, call, around),
    callee: { number: attempt.number },
    isAutoAnswer: false,
    timeoutMs: around.limits.ringTimeoutMs,
    originatorLegId: caller.callerLegId,
  });
  const leg = { legId, target, status: "dialling", allowsRemoteAnswer: false } as const;
  builder.change({
    callee: { ...call.callee, outside: { trunk: attempt.trunk, ...(paidBy !== undefined && { paidBy }) } },
    stage: {
      at: "dialling",
      callerLegId: caller.callerLegId,
      isCallerAnswered: caller.isCallerAnswered,
      ...(caller.ringbackId !== undefined && { ringbackId: caller.ringbackId }),
      ...(caller.holds !== undefined && { holds: caller.holds }),
      fork: { extensionId: "", legs: [leg], outside: { route, untried: rest } },
      isRinging: false,
    },
  });
  return true;
}

/** An emergency call tries a full trunk too: the carrier may make room ([G8]). */
function usable(
  route: OutsideRoute,
  attempts: readonly OutsideAttempt[],
  { outside }: DialSurroundings,
): readonly OutsideAttempt[] {
  if (route.class === "emergency") return attempts;
  return attempts.filter(({ trunk }) => outside.isTrunkFree(trunk.id));
}

/** Whom the called party sees ([G4]). */
function callerFor({ callerId, mainNumber }: OutsideAttempt, call: Call, around: DialSurroundings): PartyIdentity {
  const payerId = payerOf(call);
  const extension = payerId === undefined ? undefined : around.extension(payerId);
  const own = extension?.number ?? mainNumber ?? "";
  switch (callerId.mode) {
    case "extension": {
      const number = extension === undefined ? own : (callerId.number ?? "") + own;
      return extension === undefined ? { number } : { number, name: extension.displayName };
    }
    case "trunk":
      return { number: mainNumber ?? own };
    case "fixed":
      return { number: callerId.number ?? own };
    case "anonymous":
      return { number: mainNumber ?? own, isPrivate: true };
  }
}
