import type { OfferOutcome } from "@pbx-x/protocol";
import type { Binding } from "@pbx-x/telephony";
import { beginOriginatedCall } from "../calls/begin-call.ts";
import type { Call } from "../calls/call.ts";
import { type CallData, callDataField } from "../calls/call-data.ts";
import { type Decision, DecisionBuilder, type DecisionContext } from "../calls/decision.ts";
import type { DialSurroundings } from "../calls/dial-destination.ts";
import { endCall, type Ending } from "../calls/end-call.ts";
import { hangupCauseOf, reasonOf } from "../calls/hangup-cause.ts";
import { wireParty } from "../calls/wire-party.ts";
import type { Extension } from "../extensions/extension.ts";
import type { Route } from "../routing/route-number.ts";
import { type AttemptFailure, type CallbackAttempt, queueFields, waitedSeconds } from "./queue-entry.ts";

export interface NewAttempt {
  readonly callId: string;
  readonly threadId: string;
  readonly attempt: CallbackAttempt;
  readonly agent: Extension;
  readonly bindings: readonly Binding[];
  /** Where the caller is reached. */
  readonly dialled: string;
  readonly route: Route;
  readonly data: CallData;
  readonly ringMs: number;
}

/** An agent's phones ring for somebody who is called back ([Q14]): a call from him to the caller, as by click-to-call. */
export function beginCallbackAttempt(wanted: NewAttempt, around: DialSurroundings, context: DecisionContext): Decision {
  const { callId, threadId, attempt, agent, bindings, dialled, route, data, ringMs } = wanted;
  const { entry } = attempt;
  const begun = beginOriginatedCall(
    {
      callId,
      from: agent,
      fromBindings: bindings,
      to: dialled,
      route,
      isAutoAnswer: false,
      data,
      callback: {
        threadId,
        ringMs,
        queue: {
          id: entry.queueId,
          name: entry.queueName,
          waitSeconds: waitedSeconds(entry, context.nowMs),
          agentExtensionId: agent.id,
          callback: attempt,
        },
      },
    },
    around,
    context,
  );
  const builder = new DecisionBuilder(begun.call, context);
  builder.tell("QUEUE_AGENT_OFFERED", {
    ...fieldsOf(begun.call, attempt),
    offerId: attempt.offerId,
    agent: { ...wireParty(begun.call.caller), agentId: attempt.agentId },
    caller: wireParty(begun.call.callee),
    expiresAt: new Date(context.nowMs + ringMs).toISOString(),
    ...callDataField(begun.call),
  });
  const offered = builder.build();
  return { ...begun, events: [...begun.events, ...offered.events] };
}

/** The caller is there, and the agent: the end of the stay in the queue ([Q3], [Q14]). */
export function tellCalledBack(builder: DecisionBuilder): void {
  const { call } = builder;
  const attempt = call.queue?.callback;
  if (attempt === undefined) return;
  builder.tell("QUEUE_CALL_ANSWERED", {
    ...fieldsOf(call, attempt),
    agent: { ...wireParty(call.caller), agentId: attempt.agentId },
    waitTimeSeconds: waitedSeconds(attempt.entry, builder.nowMs),
    offerId: attempt.offerId,
  });
}

/** The attempt is over before the caller was there: what it failed by is kept, and told where it was the agent. */
export function noteFailedAttempt(builder: DecisionBuilder, { end, by, reason }: Ending): void {
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
    ...fieldsOf(call, attempt),
    offerId: attempt.offerId,
    agent: { ...wireParty(call.caller), agentId: attempt.agentId },
    outcome: failure.outcome,
    ringSeconds: Math.max(0, Math.floor((builder.nowMs - attempt.offeredAtMs) / 1000)),
  });
}

/** The agent is not asked any more: his phone is gone, he is on a break ([Q8]). */
export function decideWithdrawAttempt(call: Call, outcome: OfferOutcome, context: DecisionContext): Decision {
  const builder = new DecisionBuilder(call, context);
  if (call.stage.at !== "originating" || call.queue?.callback === undefined) return builder.build();
  const reason = outcome === "device_lost" ? outcome : "rejected";
  endCall(builder, { end: { cause: "cancelled" }, by: "system", reason });
  return builder.build();
}

function fieldsOf({ callId }: Call, { entry, enteredCallId, callbackId }: CallbackAttempt) {
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
