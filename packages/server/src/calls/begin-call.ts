import type { Binding, LegId } from "@pbx-x/telephony";
import type { Extension } from "../extensions/extension.ts";
import type { Route } from "../routing/route-number.ts";
import type { Call, Party } from "./call.ts";
import { type Decision, DecisionBuilder, type DecisionContext } from "./decision.ts";
import { type CallLimits, calleeOf, type DialSurroundings, dialDestination, partyOf } from "./dial-destination.ts";
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
  const callee = calleeOf(offered.dialled, destination.route);
  const builder = createCall({ caller: offered.caller, callee, callId: context.newId() }, context, {
    at: "dialling",
    callerLegId: offered.legId,
    isCallerAnswered: false,
    fork: { extensionId: callee.extensionId ?? "", legs: [] },
    isRinging: false,
  });
  if (offered.callerActiveCalls >= offered.callerMaximum) {
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
}

/** Click-to-call: rings the caller's own devices first ([W41]). */
export function beginOriginatedCall(wanted: OriginatedCall, limits: CallLimits, context: DecisionContext): Decision {
  const caller: Party = partyOf(wanted.from);
  const callee = calleeOf(wanted.to, wanted.route);
  const builder = createCall({ caller, callee, callId: wanted.callId }, context, {
    at: "originating",
    fork: { extensionId: wanted.from.id, legs: [] },
  });
  const fork = ring(builder, {
    bindings: wanted.fromBindings,
    extensionId: wanted.from.id,
    // The device shows whom it is about to be connected with.
    caller: callee,
    callee: caller,
    isAutoAnswer: wanted.isAutoAnswer,
    timeoutMs: limits.ringTimeoutMs,
  });
  return builder.change({ stage: { at: "originating", fork } }).build();
}

export interface NewCall {
  readonly callId: string;
  readonly caller: Party;
  readonly callee: Party;
  /** Begun to ask before passing another call on ([C32]). */
  readonly consultation?: { readonly for: Call; readonly legId: LegId };
}

/** The one place that emits `CALL_CREATED`. */
export function createCall(
  { callId, caller, callee, consultation }: NewCall,
  context: DecisionContext,
  stage: Call["stage"],
): DecisionBuilder {
  const consultFor = consultation?.for.callId;
  const builder = new DecisionBuilder(
    {
      callId,
      threadId: consultation?.for.threadId ?? callId,
      version: 0,
      direction: "internal",
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
      isRecall: false,
      recording: undefined,
      recallReason: undefined,
      pickUp: undefined,
      participants: [caller, callee].flatMap(({ extensionId, number }) =>
        extensionId === undefined ? [] : [{ id: extensionId, number }],
      ),
    },
    context,
  );
  return builder.emit("CALL_CREATED", "initiated", {
    direction: "internal",
    caller: wireParty(caller),
    callee: wireParty(callee),
    ...(consultFor !== undefined && { consultFor }),
  });
}
