import type { AnyEvent } from "../types.ts";
import { type CallEvent, reduceCall } from "./reduce-call.ts";
import { type ConferenceEvent, reduceConference } from "./reduce-conference.ts";
import { type ExtensionEvent, reduceExtension } from "./reduce-extension.ts";
import { changeAt } from "./is-old.ts";
import { type QueueEvent, reduceQueue } from "./reduce-queue.ts";
import { told } from "./told.ts";
import { type Change, type ReadonlyTables } from "./tables.ts";

/**
 * What an event changes, without changing it ([M2], [W26]): pure, no clock, no randomness. Total: an event about
 * something unknown creates what it tells; a call's version that is not higher, or an entity's position that is not
 * later, changes nothing; a type that is not known changes nothing.
 */
export function reduce(tables: ReadonlyTables, event: AnyEvent): readonly Change[] {
  const [kind] = event.type.split("_", 1);
  // The kind says which events they are.
  switch (kind) {
    case "CALL":
      return reduceCall(tables, event as CallEvent);
    case "QUEUE":
    case "AGENT":
      return reduceQueue(tables, event as QueueEvent);
    case "EXTENSION":
    case "PRESENCE":
    case "VOICEMAIL":
      return reduceExtension(tables, event as ExtensionEvent);
    case "CONFERENCE":
      return reduceConference(tables, event as ConferenceEvent);
    default:
  }
  if (event.type !== "TRUNK_STATUS_CHANGED") return [];
  const { trunkId, newStatus, deleted } = event.data;
  const trunk = {
    ...told(event.data, "trunkId", "trunkName", "reason", "errorMessage"),
    status: newStatus,
    since: event.timestamp,
  };
  return changeAt(tables, "trunks", trunkId, event.seq, deleted === true ? undefined : trunk);
}
