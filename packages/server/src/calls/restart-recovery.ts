import type { NewEvent } from "../event-log/event-log.ts";
import type { OpenCall } from "./call-ledger.ts";

/**
 * The ends of the calls that were up when the process died ([C4]): written at the next start, so that every beginning
 * has its end. What happened between is unknown; the talk is counted up to the last moment the log saw.
 */
export function endsAfterRestart(open: readonly OpenCall[], lastSeenMs: number): readonly NewEvent[] {
  return open.flatMap((call) => {
    const answeredAtMs = call.answeredAtMs ?? lastSeenMs;
    const { parkedAtMs } = call;
    const isParked = parkedAtMs !== undefined;
    const answeredSeconds = Math.max(0, Math.floor((lastSeenMs - answeredAtMs) / 1000));
    const parkSeconds = isParked ? Math.min(answeredSeconds, Math.floor((lastSeenMs - parkedAtMs) / 1000)) : 0;
    const { queued } = call;
    const queueSeconds = queued === undefined ? 0 : Math.max(0, Math.floor((lastSeenMs - queued.enteredAtMs) / 1000));
    const lifeSeconds = Math.max(0, Math.floor((lastSeenMs - call.createdAtMs) / 1000));
    const ended: NewEvent = {
      type: "CALL_ENDED",
      callId: call.callId,
      audience: {
        extensions: call.extensions,
        userIds: call.userIds,
        ...(isParked && { isParked }),
        ...(queued !== undefined && { queueIds: [queued.queueId] }),
      },
      data: {
        callId: call.callId,
        caller: call.caller,
        callee: call.callee,
        ...(call.trunk !== undefined && { trunk: call.trunk }),
        hangupCause: "failed",
        hangupBy: "system",
        reason: "server_restart",
        durationSeconds: answeredSeconds,
        phases: {
          ringSeconds: Math.max(0, lifeSeconds - answeredSeconds - queueSeconds),
          queueSeconds,
          talkSeconds: answeredSeconds - parkSeconds,
          holdSeconds: 0,
          parkSeconds,
        },
        state: "ended",
        version: call.version + 1,
        threadId: call.threadId,
        causedBy: { via: "system" },
      },
    };
    if (queued === undefined) return [ended];
    const { queueId, queueName, queueEntryId } = queued;
    // The caller's line is gone ([C4], [Q7]).
    const abandoned: NewEvent = {
      type: "QUEUE_CALL_ABANDONED",
      callId: call.callId,
      audience: { extensions: call.extensions, userIds: call.userIds, queueIds: [queueId] },
      data: {
        callId: call.callId,
        queueId,
        queueName,
        queueEntryId,
        caller: call.caller,
        waitTimeSeconds: queueSeconds,
        reason: "caller_hangup",
        causedBy: { via: "system" },
      },
    };
    return [abandoned, ended];
  });
}
