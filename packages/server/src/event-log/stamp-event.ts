import type { LoggedEvent, NewEvent } from "./event-log.ts";

/** Gives an event its place in the log: position, id and time, and the text that every client gets ([W1], [W2], [W32]). */
export function stampEvent(event: NewEvent, seq: number, eventId: string, timestampMs: number): LoggedEvent {
  const timestamp = new Date(timestampMs).toISOString();
  return {
    seq,
    eventId,
    type: event.type,
    timestampMs,
    audience: event.audience,
    ...(event.callId !== undefined && { callId: event.callId }),
    json: JSON.stringify({ eventId, seq, type: event.type, timestamp, data: event.data }),
  };
}
