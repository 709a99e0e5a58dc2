import type { Binding, LegId } from "@pbx-x/telephony";
import { enterConference } from "../conferences/enter-conference.ts";
import type { Extension } from "../extensions/extension.ts";
import type { AbandonReason } from "@pbx-x/protocol";
import { enterQueue, type QueueSurroundings } from "../queues/enter-queue.ts";
import type { Queue } from "../queues/queue.ts";
import { queueForward } from "../queues/queue-entry.ts";
import { isForwardable } from "../routing/is-forwardable.ts";
import { normaliseNumber, type Route } from "../routing/route-number.ts";
import { enterMailbox, takesMessages } from "../voicemail/enter-mailbox.ts";
import type { LegEnd } from "./call.ts";
import type { DecisionBuilder } from "./decision.ts";
import type { Ending } from "./end-call.ts";
import type { HangupBy } from "./hangup-cause.ts";
import { type CallerSide, leaveDestination } from "./leave-destination.ts";
import { dialOutside } from "./dial-outside.ts";
import type { OutsideSurroundings } from "./outside-surroundings.ts";
import { calleeOf, partyOf, withParty } from "./parties.ts";
import { ring } from "./ring.ts";
import type { SoundSurroundings } from "./sound.ts";
import { unreachable } from "./unreachable.ts";

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

/** What dialling may ask about the rest of the PBX. */
export interface DialSurroundings extends SoundSurroundings {
  readonly limits: CallLimits;
  readonly destination: (dialled: string) => Destination;
  readonly extension: (extensionId: string) => Extension | undefined;
  readonly outside: OutsideSurroundings;
  readonly queues: QueueSurroundings;
}

/** Most forwardings of one call ([C15]). */
export const maximumHops = 5;

/** Rings the destination, forwards, or ends the attempt with what stands against it. */
export function dialDestination(
  builder: DecisionBuilder,
  { route, bindings, activeCalls }: Destination,
  around: DialSurroundings,
  caller: CallerSide,
): void {
  if (route.kind === "none") {
    unreachable(builder, { end: { cause: "not_found", sipCode: 404 }, by: "system", reason: route.reason }, around);
    return;
  }
  if (route.kind === "outside") return dialOutside(builder, route.outside, around, caller);
  if (route.kind === "conference") return enterConference(builder, route.room, around, caller);
  if (route.kind === "queue") {
    const against = enterQueue(builder, route.queue, around, caller);
    if (against !== undefined) overflow(builder, route.queue, against, around, caller);
    return;
  }
  if (route.kind === "mailbox") return enterMailbox(builder, route.extension, around, caller);
  if (route.kind !== "extension") {
    const end = { cause: "not_found", sipCode: 404 } as const;
    unreachable(builder, { end, by: "system", reason: "not_a_party" }, around);
    return;
  }
  const { extension } = route;
  if (extension.id === builder.call.caller.extensionId) {
    unreachable(builder, { end: { cause: "busy", sipCode: 486 }, by: "system", reason: "own_number" }, around);
    return;
  }
  const always = extension.forwardUnconditionalEnabled ? extension.forwardUnconditionalDestination : undefined;
  if (always !== undefined) return forward(builder, extension, always, around, caller);
  const against = whatStandsAgainst(extension, bindings, activeCalls);
  if (against !== undefined) {
    const to = against.forwards === "busy" ? onBusy(extension) : onNoAnswer(extension);
    if (to !== undefined) forward(builder, extension, to, around, caller);
    else if (takesMessages(builder.call, extension)) enterMailbox(builder, extension, around, caller);
    else unreachable(builder, { end: against.end, by: against.by, reason: against.reason }, around);
    return;
  }
  const { ringTimeoutMs } = around.limits;
  const fork = ring(builder, {
    bindings,
    extensionId: extension.id,
    caller: builder.call.caller,
    callee: builder.call.callee,
    isAutoAnswer: false,
    timeoutMs:
      onNoAnswer(extension) === undefined && !takesMessages(builder.call, extension)
        ? ringTimeoutMs
        : Math.min(ringTimeoutMs, extension.forwardOnNoAnswerTimeout * 1000),
    originatorLegId: caller.callerLegId,
  });
  builder.change({ stage: { at: "dialling", ...caller, fork, isRinging: false } });
}

/** No device took the call: where it is forwarded to then, or to the mailbox, it goes on; else false ([C15], [V30]). */
export function forwardInstead(builder: DecisionBuilder, { end, gone }: Ending, around: DialSurroundings): boolean {
  const { stage } = builder.call;
  if (stage.at !== "dialling") return false;
  const extension = around.extension(stage.fork.extensionId);
  if (extension === undefined) return false;
  const { cause } = end;
  const isUnanswered = cause === "no_answer" || cause === "no_response" || cause === "failed";
  const to = cause === "busy" ? onBusy(extension) : isUnanswered ? onNoAnswer(extension) : undefined;
  const isForMailbox = (cause === "busy" || isUnanswered) && takesMessages(builder.call, extension);
  if (to === undefined && !isForMailbox) return false;
  const caller = leaveDestination(builder, stage, gone);
  if (to === undefined) enterMailbox(builder, extension, around, caller);
  else forward(builder, extension, to, around, caller);
  return true;
}

/** A device sends the call on (302): as the extension's own forwarding would ([E5]); false where it leads nowhere. */
export function redirectInstead(
  builder: DecisionBuilder,
  { redirectTo, gone }: { readonly redirectTo: string; readonly gone: LegId },
  around: DialSurroundings,
): boolean {
  const { stage } = builder.call;
  if (stage.at !== "dialling") return false;
  const extension = around.extension(stage.fork.extensionId);
  const to = normaliseNumber(redirectTo);
  if (extension === undefined || !isForwardable(around.destination(to).route)) return false;
  forward(builder, extension, to, around, leaveDestination(builder, stage, gone));
  return true;
}

/** Sends a call that is being dialled on from one extension to another number, up to a limit ([C15]). */
export function forward(
  builder: DecisionBuilder,
  from: Extension,
  to: string,
  around: DialSurroundings,
  caller: CallerSide,
): void {
  const forwards = [...builder.call.forwards, from.id];
  if (forwards.length > maximumHops || builder.call.forwards.includes(from.id)) {
    unreachable(builder, { end: { cause: "failed", sipCode: 482 }, by: "system", reason: "forwarding_loop" }, around);
    return;
  }
  const destination = around.destination(to);
  const callee = calleeOf(to, destination.route);
  builder.change({ callee, forwards, forwardedFrom: partyOf(from), participants: withParty(builder.call, callee) });
  dialDestination(builder, destination, around, caller);
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
    unreachable(builder, { end, by: "system", reason: overflowReasons[reason] }, around);
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

/** What the end is called of a call that a queue does not take, or no longer. */
const overflowReasons: Readonly<Record<AbandonReason, string>> = {
  caller_hangup: "caller_hangup",
  timeout: "queue_timeout",
  queue_full: "queue_full",
  no_agents: "no_agents",
};

interface Against {
  readonly end: LegEnd;
  readonly by: HangupBy;
  readonly reason: string;
  /** Which of the extension's forwardings is for this. */
  readonly forwards: "busy" | "no_answer";
}

function whatStandsAgainst(
  { dndEnabled, maxConcurrentCalls }: Extension,
  bindings: readonly Binding[],
  activeCalls: number,
): Against | undefined {
  if (dndEnabled) {
    const end = { cause: "rejected", sipCode: 603 } as const;
    return { end, by: "callee", reason: "do_not_disturb", forwards: "busy" };
  }
  if (activeCalls >= maxConcurrentCalls) {
    const end = { cause: "busy", sipCode: 486 } as const;
    return { end, by: "callee", reason: "callee_at_maximum_calls", forwards: "busy" };
  }
  if (bindings.length > 0) return undefined;
  const end = { cause: "unavailable", sipCode: 480 } as const;
  return { end, by: "system", reason: "extension_offline", forwards: "no_answer" };
}

function onBusy({ forwardOnBusyEnabled, forwardOnBusyDestination }: Extension): string | undefined {
  return forwardOnBusyEnabled ? forwardOnBusyDestination : undefined;
}

function onNoAnswer({ forwardOnNoAnswerEnabled, forwardOnNoAnswerDestination }: Extension): string | undefined {
  return forwardOnNoAnswerEnabled ? forwardOnNoAnswerDestination : undefined;
}
