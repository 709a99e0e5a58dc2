import type { OfferOutcome } from "@pbx-x/protocol";
import type { Binding } from "@pbx-x/telephony";
import { beginOriginatedCall } from "../calls/begin-call.ts";
import type { Call } from "../calls/call.ts";
import { type CallData, callDataField } from "../calls/call-data.ts";
import { type Decision, DecisionBuilder, type DecisionContext } from "../calls/decision.ts";
import type { DialSurroundings } from "../calls/dial-destination.ts";
import { endCall } from "../calls/end-call.ts";
import { wireParty } from "../calls/wire-party.ts";
import type { Extension } from "../extensions/extension.ts";
import type { Route } from "../routing/route-number.ts";
import { attemptFields } from "./attempt-outcome.ts";
import { type CallbackAttempt, waitedSeconds } from "./queue-entry.ts";

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
    ...attemptFields(begun.call, attempt),
    offerId: attempt.offerId,
    agent: { ...wireParty(begun.call.caller), agentId: attempt.agentId },
    caller: wireParty(begun.call.callee),
    expiresAt: new Date(context.nowMs + ringMs).toISOString(),
    ...callDataField(begun.call),
  });
  const offered = builder.build();
  return { ...begun, events: [...begun.events, ...offered.events] };
}

/** The agent is not asked any more: his phone is gone, he is on a break ([Q8]). */
export function decideWithdrawAttempt(call: Call, outcome: OfferOutcome, context: DecisionContext): Decision {
  const builder = new DecisionBuilder(call, context);
  if (call.stage.at !== "originating" || call.queue?.callback === undefined) return builder.build();
  const reason = outcome === "device_lost" ? outcome : "rejected";
  endCall(builder, { end: { cause: "cancelled" }, by: "system", reason });
  return builder.build();
}
