import type { AnyEvent } from "../types.ts";
import { type CallEvent, reduceCall } from "./reduce-call.ts";
import { type ConferenceEvent, reduceConference } from "./reduce-conference.ts";
import { type ExtensionEvent, reduceExtension } from "./reduce-extension.ts";
import { isOld } from "./is-old.ts";
import { type QueueEvent, reduceQueue } from "./reduce-queue.ts";
import { told } from "./told.ts";
import { change, type Change, type ReadonlyTables } from "./tables.ts";

/**
 * What an event changes, without changing it ([M2], [W26]): pure, no clock, no randomness. Total: an event about
 * something unknown creates what it tells; a call's version that is not higher, or an entity's position that is not
 * later, changes nothing; a type that is not known changes nothing.
 */
export function reduce(tables: ReadonlyTables, event: AnyEvent): readonly Change[] {
  const [kind = ""] = event.type.split("_", 1);
  if (isCallEvent(kind, event)) return reduceCall(tables, event);
  if (isQueueEvent(kind, event)) return reduceQueue(tables, event);
  if (isExtensionEvent(kind, event)) return reduceExtension(tables, event);
  if (isConferenceEvent(kind, event)) return reduceConference(tables, event);
  if (event.type !== "TRUNK_STATUS_CHANGED") return [];
  const { trunkId, newStatus, deleted } = event.data;
  if (isOld(tables.trunks.get(trunkId), event.seq)) return [];
  if (deleted === true) return change(tables, "trunks", trunkId, undefined);
  return change(tables, "trunks", trunkId, {
    ...told(event.data, "trunkId", "trunkName", "reason", "errorMessage"),
    status: newStatus,
    since: event.timestamp,
    seq: event.seq ?? 0,
  });
}

function isCallEvent(kind: string, _event: AnyEvent): _event is CallEvent {
  return kind === "CALL";
}

function isQueueEvent(kind: string, _event: AnyEvent): _event is QueueEvent {
  return kind === "QUEUE" || kind === "AGENT";
}

function isExtensionEvent(kind: string, _event: AnyEvent): _event is ExtensionEvent {
  return kind === "EXTENSION" || kind === "PRESENCE" || kind === "VOICEMAIL";
}

function isConferenceEvent(kind: string, _event: AnyEvent): _event is ConferenceEvent {
  return kind === "CONFERENCE";
}
