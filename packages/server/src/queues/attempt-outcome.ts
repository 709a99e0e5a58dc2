import type { OfferOutcome } from "@pbx-x/protocol";
import type { Call, LegEnd } from "../calls/call.ts";
import type { DecisionBuilder } from "../calls/decision.ts";
import { type HangupBy, hangupCauseOf, reasonOf } from "../calls/hangup-cause.ts";
import { wireParty } from "../calls/wire-party.ts";
import { type AttemptFailure, type CallbackAttempt, queueFields, waitedSeconds } from "./queue-entry.ts";

/** The caller is there, and the agent: the end of the stay in the queue ([Q3], [Q14]). */
export function tellCalledBack(builder: DecisionBuilder): void {
  const { call } = builder;
  const attempt = call.queue?.callback;
  if (attempt === undefined) return;
  builder.tell("QUEUE_CALL_ANSWERED", {
    ...attemptFields(call, attempt),
    agent: { ...wireParty(call.caller), agentId: attempt.agentId },
    waitTimeSeconds: waitedSeconds(attempt.entry, builder.nowMs),
    offerId: attempt.offerId,
  });
}

interface AttemptEnd {
  readonly end: LegEnd;
  readonly by: HangupBy;
  readonly reason?: string;
}

/** The attempt is over before the caller was there: what it failed by is kept, and told where it was the agent. */
export function noteFailedAttempt(builder: DecisionBuilder, { end, by, reason }: AttemptEnd): void {
  const { call } = builder;
  const { queue, stage } = call;
  const attempt = queue?.callback;
  if (queue === undefined || attempt === undefined || attempt.failure !== undefined) return;
  if (call.answeredAtMs !== undefined) return;
  const isAgents = stage.at === "originating" || by === "caller";
  const failure: AttemptFailure = isAgents
    ? { of: "agent", outcome: reason === "device_lost" ? "device_lost" : (outcomes[end.cause] ?? "failed") }
    : { of: "caller", reason: reason ?? reasonOf(end.cause) ?? hangupCauseOf(end.cause) };
  builder.change({ queue: { ...queue, callback: { ...attempt, failure } } });
  if (failure.of !== "agent") return;
  builder.tell("QUEUE_AGENT_NO_ANSWER", {
    ...attemptFields(call, attempt),
    offerId: attempt.offerId,
    agent: { ...wireParty(call.caller), agentId: attempt.agentId },
    outcome: failure.outcome,
    ringSeconds: Math.max(0, Math.floor((builder.nowMs - attempt.offeredAtMs) / 1000)),
  });
}

/** The fields by which every event of the entry begins, that is about a call made for it. */
export function attemptFields({ callId }: Call, { entry, enteredCallId, callbackId }: CallbackAttempt) {
  return { ...queueFields(entry), callId: enteredCallId, callbackId, callbackCallId: callId };
}

const outcomes: Readonly<Record<string, OfferOutcome>> = {
  busy: "busy",
  no_answer: "no_answer",
  no_response: "no_answer",
  rejected: "rejected",
  not_allowed: "rejected",
  cancelled: "rejected",
  normal: "rejected",
};
