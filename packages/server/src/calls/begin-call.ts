import type { Binding, LegId } from "@pbx-x/telephony";
import type { Extension } from "../extensions/extension.ts";
import type { Route } from "../routing/route-number.ts";
import type { Call, Party } from "./call.ts";
import { type Decision, DecisionBuilder, type DecisionContext, wireParty } from "./decision.ts";
import { endCall } from "./end-call.ts";
import { noPhases } from "./phases.ts";
import { ring } from "./ring.ts";

/** What is known of a destination at the moment of the decision. */
export interface Destination {
  readonly route: Route;
  readonly bindings: readonly Binding[];
  /** Calls that the extension is in now, this one left out. */
  readonly activeCalls: number;
}

export interface CallLimits {
  /** How long a destination rings. */
  readonly ringTimeoutMs: number;
  /** A connected call is ended after this ([C13] `timeout`). */
  readonly maximumDurationMs: number;
}

export interface OfferedCall {
  readonly legId: LegId;
  readonly caller: Party;
  /** Calls that the calling extension is in already, and how many it may have. */
  readonly callerActiveCalls: number;
  readonly callerMaximum: number;
  readonly dialled: string;
  readonly destination: Destination;
}

/** A phone dialled ([C10], [C11]). */
export function beginOfferedCall(offered: OfferedCall, limits: CallLimits, context: DecisionContext): Decision {
  const callee = calleeOf(offered.dialled, offered.destination.route);
  const builder = create({ caller: offered.caller, callee, callId: context.newId() }, context, {
    at: "dialling",
    callerLegId: offered.legId,
    isCallerAnswered: false,
    fork: { extensionId: callee.extensionId ?? "", legs: [] },
    isRinging: false,
  });
  if (offered.callerActiveCalls >= offered.callerMaximum) {
    endCall(builder, { end: { cause: "busy" }, by: "system", reason: "caller_at_maximum_calls" });
  } else {
    dialDestination(builder, offered.destination, limits, { callerLegId: offered.legId, isCallerAnswered: false });
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
  const builder = create({ caller, callee, callId: wanted.callId }, context, {
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

/** Rings the destination, or ends the call with what stands against it. */
export function dialDestination(
  builder: DecisionBuilder,
  { route, bindings, activeCalls }: Destination,
  limits: CallLimits,
  caller: { readonly callerLegId: LegId; readonly isCallerAnswered: boolean },
): void {
  if (route.kind === "none") {
    endCall(builder, { end: { cause: "not_found", sipCode: 404 }, by: "system", reason: route.reason });
    return;
  }
  const { extension } = route;
  if (extension.dndEnabled) {
    endCall(builder, { end: { cause: "rejected", sipCode: 603 }, by: "callee", reason: "do_not_disturb" });
    return;
  }
  if (activeCalls >= extension.maxConcurrentCalls) {
    endCall(builder, { end: { cause: "busy", sipCode: 486 }, by: "callee", reason: "callee_at_maximum_calls" });
    return;
  }
  if (extension.id === builder.call.caller.extensionId) {
    endCall(builder, { end: { cause: "busy", sipCode: 486 }, by: "system", reason: "own_number" });
    return;
  }
  if (bindings.length === 0) {
    endCall(builder, { end: { cause: "failed", sipCode: 480 }, by: "system", reason: "extension_offline" });
    return;
  }
  const fork = ring(builder, {
    bindings,
    extensionId: extension.id,
    caller: builder.call.caller,
    callee: builder.call.callee,
    isAutoAnswer: false,
    timeoutMs: limits.ringTimeoutMs,
    originatorLegId: caller.callerLegId,
  });
  builder.change({ stage: { at: "dialling", ...caller, fork, isRinging: false } });
}

interface NewCall {
  readonly callId: string;
  readonly caller: Party;
  readonly callee: Party;
}

function create({ callId, caller, callee }: NewCall, context: DecisionContext, stage: Call["stage"]): DecisionBuilder {
  const builder = new DecisionBuilder(
    {
      callId,
      threadId: callId,
      version: 0,
      direction: "internal",
      caller,
      callee,
      stage,
      createdAtMs: context.nowMs,
      phase: "ring",
      phaseSinceMs: context.nowMs,
      phases: noPhases,
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
  });
}

export function partyOf(extension: Extension): Party {
  return { number: extension.number, name: extension.displayName, extensionId: extension.id };
}

function calleeOf(dialled: string, route: Route): Party {
  return route.kind === "extension" ? partyOf(route.extension) : { number: dialled };
}
