import type { AbandonReason, OfferOutcome } from "@pbx-x/protocol";
import type { DecisionBuilder } from "../calls/decision.ts";
import { type DialSurroundings, dialDestination, maximumHops } from "../calls/dial-destination.ts";
import type { CallerSide } from "../calls/leave-destination.ts";
import { calleeOf, withParty } from "../calls/parties.ts";
import { stopRinging } from "../calls/ring.ts";
import { unreachable } from "../calls/unreachable.ts";
import { wireParty } from "../calls/wire-party.ts";
import type { Queue } from "./queue.ts";
import {
  type AgentOffer,
  type QueueEntry,
  type QueuedStage,
  queueFields,
  queueForward,
  waitedSeconds,
} from "./queue-entry.ts";
import { fallSilent } from "./speech.ts";

/** The call left without an agent ([Q7]). */
export function tellAbandoned(builder: DecisionBuilder, entry: QueueEntry, reason: AbandonReason): void {
  builder.tell("QUEUE_CALL_ABANDONED", {
    ...queueFields(entry),
    caller: wireParty(builder.call.caller),
    waitTimeSeconds: waitedSeconds(entry, builder.nowMs),
    reason,
  });
}

/** Nobody is asked any more ([Q4]). */
export function withdrawOffers(
  builder: DecisionBuilder,
  { entry, offers }: QueuedStage,
  outcome: OfferOutcome,
  except?: AgentOffer,
): void {
  for (const offer of offers) {
    if (offer.offerId === except?.offerId) continue;
    stopRinging(builder, offer.fork, outcome === "answered_elsewhere" ? outcome : "cancelled");
    tellNoAnswer(builder, entry, offer, outcome);
  }
}

export function tellNoAnswer(
  builder: DecisionBuilder,
  entry: QueueEntry,
  { offerId, agentId, agent, offeredAtMs }: AgentOffer,
  outcome: OfferOutcome,
): void {
  builder.tell("QUEUE_AGENT_NO_ANSWER", {
    ...queueFields(entry),
    offerId,
    agent: { ...wireParty(agent), agentId },
    outcome,
    ringSeconds: Math.max(0, Math.floor((builder.nowMs - offeredAtMs) / 1000)),
  });
}

/** The call ends while it waits: before its `CALL_ENDED` the queue is told ([Q3]). */
export function abandon(builder: DecisionBuilder, stage: QueuedStage): void {
  withdrawOffers(builder, stage, "caller_left");
  builder.unschedule("queue_wait").unschedule("queue_announcement");
  tellAbandoned(builder, stage.entry, "caller_hangup");
}

/** Ends the stay in the queue without an agent; the caller's side is what is left of it. */
export function leaveQueue(
  builder: DecisionBuilder,
  stage: QueuedStage,
  reason: AbandonReason,
  around: DialSurroundings,
): CallerSide {
  withdrawOffers(builder, stage, "caller_left");
  fallSilent(builder, around);
  tellAbandoned(builder, stage.entry, reason);
  const { callerLegId, holds } = stage;
  const caller = { callerLegId, isCallerAnswered: true, holds };
  builder
    .unschedule("queue_wait")
    .unschedule("queue_announcement")
    .enter("ring")
    .change({ stage: { at: "dialling", ...caller, fork: { extensionId: "", legs: [] }, isRinging: false } });
  return caller;
}

/** Sends a call on that the queue does not take, or no longer ([Q1]). */
export function overflow(
  builder: DecisionBuilder,
  queue: Queue,
  reason: AbandonReason,
  around: DialSurroundings,
  caller: CallerSide,
): void {
  const { overflowAction, overflowDestination: to, extensionNumber, name } = queue;
  const mark = `${queueForward}${queue.id}`;
  if (overflowAction === "hangup" || to === undefined) {
    const end = { cause: reason === "queue_full" ? "busy" : "no_answer" } as const;
    unreachable(builder, { end, by: "system", reason: reasons[reason] }, around);
    return;
  }
  const forwards = [...builder.call.forwards, mark];
  if (forwards.length > maximumHops || builder.call.forwards.includes(mark)) {
    unreachable(builder, { end: { cause: "failed", sipCode: 482 }, by: "system", reason: "forwarding_loop" }, around);
    return;
  }
  const destination = around.destination(to);
  const callee = calleeOf(to, destination.route);
  builder.change({
    callee,
    forwards,
    forwardedFrom: { number: extensionNumber, name },
    participants: withParty(builder.call, callee),
  });
  dialDestination(builder, destination, around, caller);
}

/** What the call's end is called then. */
const reasons: Readonly<Record<AbandonReason, string>> = {
  caller_hangup: "caller_hangup",
  timeout: "queue_timeout",
  queue_full: "queue_full",
  no_agents: "no_agents",
};
