import type { AnyEvent } from "../types.ts";
import { type CallEvent, reduceCall } from "./reduce-call.ts";
import { type ConferenceEvent, reduceConference } from "./reduce-conference.ts";
import { type ExtensionEvent, reduceExtension } from "./reduce-extension.ts";
import { isOld } from "./is-old.ts";
import { type QueueEvent, reduceQueue } from "./reduce-queue.ts";
import { change, type Change, type ReadonlyTables } from "./tables.ts";

/**
 * What an event changes, without changing it ([M2], [W26]): pure, no clock, no randomness. Total: an event about
 * something unknown creates what it tells; a call's version that is not higher, or an entity's position that is not
 * later, changes nothing; a type that is not known changes nothing.
 */
export function reduce(tables: ReadonlyTables, event: AnyEvent): readonly Change[] {
  if (isCallEvent(event)) return reduceCall(tables, event);
  if (isQueueEvent(event)) return reduceQueue(tables, event);
  if (isExtensionEvent(event)) return reduceExtension(tables, event);
  if (isConferenceEvent(event)) return reduceConference(tables, event);
  if (event.type !== "TRUNK_STATUS_CHANGED") return [];
  const { trunkId, trunkName, newStatus, reason, errorMessage, deleted } = event.data;
  if (isOld(tables.trunks.get(trunkId), event.seq)) return [];
  if (deleted === true) return change(tables, "trunks", trunkId, undefined);
  return change(tables, "trunks", trunkId, {
    trunkId,
    trunkName,
    status: newStatus,
    since: event.timestamp,
    seq: event.seq ?? 0,
    ...(reason && { reason }),
    ...(errorMessage && { errorMessage }),
  });
}

function isCallEvent(event: AnyEvent): event is CallEvent {
  return event.type.startsWith("CALL_") && "data" in event;
}

function isQueueEvent(event: AnyEvent): event is QueueEvent {
  return event.type.startsWith("QUEUE_") || event.type.startsWith("AGENT_");
}

function isExtensionEvent(event: AnyEvent): event is ExtensionEvent {
  return (
    event.type.startsWith("EXTENSION_") || event.type.startsWith("PRESENCE_") || event.type.startsWith("VOICEMAIL_")
  );
}

function isConferenceEvent(event: AnyEvent): event is ConferenceEvent {
  return event.type.startsWith("CONFERENCE_");
}
