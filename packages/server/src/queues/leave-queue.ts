import type { AbandonReason, OfferOutcome } from "@pbx-x/protocol";
import type { DecisionBuilder } from "../calls/decision.ts";
import type { CallerSide } from "../calls/leave-destination.ts";
import { stopRinging } from "../calls/ring.ts";
import type { SoundSurroundings } from "../calls/sound.ts";
import { wireParty } from "../calls/wire-party.ts";
import { type AgentOffer, type QueueEntry, type QueuedStage, queueFields, waitedSeconds } from "./queue-entry.ts";
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
  // Who is called back keeps his place ([Q13]).
  if (stage.entry.callback === undefined) tellAbandoned(builder, stage.entry, "caller_hangup");
}

/** Ends the stay in the queue without an agent; the caller's side is what is left of it. */
export function leaveQueue(
  builder: DecisionBuilder,
  stage: QueuedStage,
  reason: AbandonReason,
  around: SoundSurroundings,
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
