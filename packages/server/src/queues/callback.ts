import type { CallbackFailure } from "@pbx-x/protocol";
import type { Party } from "../calls/call.ts";
import { type CallData, callDataField } from "../calls/call-data.ts";
import type { CallEvent, Cause } from "../calls/decision.ts";
import { wireParty } from "../calls/wire-party.ts";
import { type QueueEntry, queueFields, waitedSeconds } from "./queue-entry.ts";

/** Somebody who has hung up, keeps his place in a queue and is called back ([Q13]). */
export interface Callback {
  readonly callbackId: string;
  /** The call that entered the queue. */
  readonly callId: string;
  readonly threadId: string;
  readonly entry: QueueEntry;
  readonly caller: Party;
  readonly data: CallData;
  readonly expiresAtMs: number;
  /** How often he was not reached. */
  readonly failedAttempts: number;
  /** He is not tried again before. */
  readonly notBeforeMs: number;
  /** The call that is being made for it now. */
  readonly attemptCallId?: string;
}

/** What becomes of a callback whose attempt failed because of the caller ([Q14]); undefined: it is given up. */
export function afterFailure(
  callback: Callback,
  {
    callbackAttempts,
    callbackRetrySeconds,
  }: { readonly callbackAttempts: number; readonly callbackRetrySeconds: number },
  nowMs: number,
): Callback | undefined {
  const failedAttempts = callback.failedAttempts + 1;
  const notBeforeMs = nowMs + callbackRetrySeconds * 1000;
  if (failedAttempts >= callbackAttempts || notBeforeMs >= callback.expiresAtMs) return undefined;
  return { ...callback, failedAttempts, notBeforeMs };
}

/** When something has to be done about a callback that nobody is being asked for. */
export function nextMoment({ expiresAtMs, notBeforeMs }: Callback, nowMs: number): number {
  return notBeforeMs > nowMs ? Math.min(notBeforeMs, expiresAtMs) : expiresAtMs;
}

export function failedEvent(
  callback: Callback,
  told: {
    readonly attempt: number;
    readonly reason: string;
    readonly callbackCallId?: string;
    readonly nextMs?: number;
  },
): CallEvent {
  const { attempt, reason, callbackCallId, nextMs } = told;
  return toEvent("QUEUE_CALLBACK_FAILED", callback, bySystem, {
    ...(callbackCallId !== undefined && { callbackCallId }),
    attempt,
    reason,
    ...(nextMs !== undefined && { nextAttemptAt: new Date(nextMs).toISOString() }),
  });
}

/** The stay in the queue ends without a talk ([Q15]). */
export function givenUpEvent(callback: Callback, failure: CallbackFailure, nowMs: number): CallEvent {
  return toEvent("QUEUE_CALL_ABANDONED", callback, failure === "expired" ? { via: "timer" } : bySystem, {
    waitTimeSeconds: waitedSeconds(callback.entry, nowMs),
    reason: reasons[failure],
    callbackFailure: failure,
  });
}

/** As the event that has told it; for clients that were not there. */
export function requestedEvent(callback: Callback, position: number): CallEvent {
  const { entry, expiresAtMs, threadId } = callback;
  return toEvent("QUEUE_CALLBACK_REQUESTED", callback, bySystem, {
    position,
    priority: entry.priority,
    enteredAt: new Date(entry.enteredAtMs).toISOString(),
    expiresAt: new Date(expiresAtMs).toISOString(),
    threadId,
    ...callDataField(callback),
  });
}

export function movedEvent(
  callback: Callback,
  place: { readonly position: number; readonly estimatedWaitSeconds: number },
): CallEvent {
  const { callId, entry, caller } = callback;
  const data = { callId, ...queueFields(entry), ...place, causedBy: bySystem };
  return { type: "QUEUE_POSITION_CHANGED", data, participants: participantsOf(caller), queueId: entry.queueId };
}

const bySystem: Cause = { via: "system" };

/** In the words of the specification, for clients that know no callbacks. */
const reasons = { expired: "timeout", unreachable: "caller_hangup", cancelled: "no_agents" } as const;

function toEvent(
  type: CallEvent["type"],
  { callId, callbackId, entry, caller }: Callback,
  causedBy: Cause,
  more: Readonly<Record<string, unknown>>,
): CallEvent {
  return {
    type,
    data: { callId, ...queueFields(entry), callbackId, caller: wireParty(caller), ...more, causedBy },
    participants: participantsOf(caller),
    queueId: entry.queueId,
  };
}

function participantsOf({ extensionId, number }: Party): CallEvent["participants"] {
  return extensionId === undefined ? [] : [{ id: extensionId, number }];
}
