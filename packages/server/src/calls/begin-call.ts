import type { Binding, LegId } from "@pbx-x/telephony";
import type { Extension } from "../extensions/extension.ts";
import type { Route } from "../routing/route-number.ts";
import type { Call, CallDirection, Party } from "./call.ts";
import { type CallData, callDataField, noCallData } from "./call-data.ts";
import { type Decision, DecisionBuilder, type DecisionContext } from "./decision.ts";
import { type DialSurroundings, dialDestination } from "./dial-destination.ts";
import type { QueueVisit } from "../queues/queue-entry.ts";
import { partyOf } from "./parties.ts";
import { wayTo } from "./dial-outside.ts";
import { endCall } from "./end-call.ts";
import { noPhases } from "./phases.ts";
import { ring } from "./ring.ts";
import { wireParty } from "./wire-party.ts";

export interface OfferedCall {
  readonly legId: LegId;
  readonly caller: Party;
  /** Calls that the calling extension is in already, and how many it may have. */
  readonly callerActiveCalls: number;
  readonly callerMaximum: number;
  readonly dialled: string;
}

/** A phone dialled ([C10], [C11]). */
export function beginOfferedCall(offered: OfferedCall, around: DialSurroundings, context: DecisionContext): Decision {
  const destination = around.destination(offered.dialled);
  const { caller, dialled } = offered;
  const { route } = destination;
  const way = wayTo(dialled, route, caller, around);
  const { callee } = way;
  const builder = createCall({ callId: context.newId(), caller, ...way }, context, {
    at: "dialling",
    callerLegId: offered.legId,
    isCallerAnswered: false,
    fork: { extensionId: callee.extensionId ?? "", legs: [] },
    isRinging: false,
  });
  const isEmergency = route.kind === "outside" && route.outside.class === "emergency";
  if (offered.callerActiveCalls >= offered.callerMaximum && !isEmergency) {
    endCall(builder, { end: { cause: "busy" }, by: "system", reason: "caller_at_maximum_calls" });
  } else {
    dialDestination(builder, destination, around, { callerLegId: offered.legId, isCallerAnswered: false });
  }
  return builder.build();
}

export interface OriginatedCall {
  readonly callId: string;
  readonly from: Extension;
  readonly fromBindings: readonly Binding[];
  readonly to: string;
  readonly route: Route;
  readonly isAutoAnswer: boolean;
  readonly data: CallData;
  /** Made by an agent for somebody who waits in a queue ([Q14]). */
  readonly callback?: { readonly threadId: string; readonly queue: QueueVisit; readonly ringMs: number };
}

/** Click-to-call: rings the caller's own devices first ([W41]). */
export function beginOriginatedCall(
  wanted: OriginatedCall,
  around: DialSurroundings,
  context: DecisionContext,
): Decision {
  const caller: Party = partyOf(wanted.from);
  const { route, callId, data, callback } = wanted;
  const way = wayTo(wanted.to, route, caller, around);
  const { callee } = way;
  const builder = createCall({ callId, caller, ...way, data, ...callback }, context, {
    at: "originating",
    dialled: wanted.to,
    fork: { extensionId: wanted.from.id, legs: [] },
  });
  const fork = ring(builder, {
    bindings: wanted.fromBindings,
    extensionId: wanted.from.id,
    // The device shows whom it is about to be connected with.
    caller: callee,
    callee: caller,
    isAutoAnswer: wanted.isAutoAnswer,
    timeoutMs: callback?.ringMs ?? around.limits.ringTimeoutMs,
  });
  return builder.change({ stage: { at: "originating", dialled: wanted.to, fork } }).build();
}

export interface NewCall {
  readonly callId: string;
  readonly direction: CallDirection;
  readonly caller: Party;
  readonly callee: Party;
  /** Begun to ask before passing another call on ([C32]). */
  readonly consultation?: { readonly for: Call; readonly legId: LegId };
  /** Left out: those of the call that it is a consultation for ([C62]). */
  readonly muted?: readonly LegId[];
  /** Left out: that of the call that it is a consultation for ([C81]). */
  readonly data?: CallData;
  /** Left out: its own, or that of the call that it is a consultation for. */
  readonly threadId?: string;
  readonly queue?: QueueVisit;
}

/** The one place that emits `CALL_CREATED`. */
export function createCall(
  {
    callId,
    direction,
    caller,
    callee,
    consultation,
    data = consultation?.for.data ?? noCallData,
    // The phone is muted in both of its calls, or in none.
    muted = consultation?.for.muted ?? [],
    threadId,
    queue,
  }: NewCall,
  context: DecisionContext,
  stage: Call["stage"],
): DecisionBuilder {
  const consultFor = consultation?.for.callId;
  const builder = new DecisionBuilder(
    {
      callId,
      threadId: threadId ?? consultation?.for.threadId ?? callId,
      version: 0,
      state: "initiated",
      direction,
      caller,
      callee,
      stage,
      createdAtMs: context.nowMs,
      phase: "ring",
      phaseSinceMs: context.nowMs,
      phases: noPhases,
      forwards: [],
      told: 0,
      forwardedFrom: undefined,
      transfer: undefined,
      ...(consultFor !== undefined && { consultFor }),
      shared:
        consultation === undefined
          ? []
          : [{ legId: consultation.legId, callId: consultation.for.callId, isHere: true }],
      ...(muted.length > 0 && { muted }),
      isRecall: false,
      recording: undefined,
      monitors: [],
      recallReason: undefined,
      queue,
      data,
      pickUp: undefined,
      participants: [caller, callee].flatMap(({ extensionId, number }) =>
        extensionId === undefined ? [] : [{ id: extensionId, number }],
      ),
    },
    context,
  );
  return builder.emit("CALL_CREATED", "initiated", {
    direction,
    caller: wireParty(caller),
    callee: wireParty(callee),
    ...(consultFor !== undefined && { consultFor }),
    ...callDataField(builder.call),
  });
}
