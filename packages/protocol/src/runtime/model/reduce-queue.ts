import type { AnyEvent, EventOf } from "../types.ts";
import type { Agent, QueueEntry } from "./entities.ts";
import { changeAt, isOld } from "./is-old.ts";
import { type Change, change, type ReadonlyTables } from "./tables.ts";
import { told } from "./told.ts";
import { without } from "./without.ts";

export type QueueEvent = Extract<AnyEvent, { type: `QUEUE_${string}` | `AGENT_${string}` }>;

export function reduceQueue(tables: ReadonlyTables, event: QueueEvent): readonly Change[] {
  switch (event.type) {
    case "AGENT_STATE_CHANGED":
    case "AGENT_LOGGED_IN":
    case "AGENT_LOGGED_OUT":
      return reduceAgent(tables, event);
    case "QUEUE_STATS_UPDATED": {
      const known = tables.queueStats.get(event.data.queueId);
      if (known !== undefined && known.at >= event.timestamp) return [];
      return change(tables, "queueStats", event.data.queueId, { ...event.data, at: event.timestamp, seq: 0 });
    }
    case "QUEUE_CALL_ANSWERED":
    case "QUEUE_CALL_ABANDONED": {
      const { callId } = event.data;
      return [...nameQueue(tables, event), ...changeAt(tables, "queueEntries", callId, event.seq, undefined)];
    }
    default: {
      const { callId } = event.data;
      const known = tables.queueEntries.get(callId);
      const entry = isOld(known, event.seq) ? known : nextEntry(known, event);
      return [...nameQueue(tables, event), ...change(tables, "queueEntries", callId, entry)];
    }
  }
}

type EntryEvent = EventOf<
  | "QUEUE_CALL_ENTERED"
  | "QUEUE_POSITION_CHANGED"
  | "QUEUE_AGENT_OFFERED"
  | "QUEUE_AGENT_NO_ANSWER"
  | "QUEUE_CALLBACK_REQUESTED"
  | "QUEUE_CALLBACK_FAILED"
>;

function nextEntry(
  known: QueueEntry | undefined,
  event: EntryEvent & Extract<AnyEvent, { type: EntryEvent["type"] }>,
): QueueEntry | undefined {
  const entry: QueueEntry = {
    ...(known ?? { position: 0, estimatedWaitSeconds: 0 }),
    ...told(event.data, "callId", "queueId", "queueName", "queueEntryId"),
    seq: event.seq ?? 0,
  };
  switch (event.type) {
    case "QUEUE_CALL_ENTERED":
      return {
        ...entry,
        ...told(event.data, "caller", "position", "estimatedWaitSeconds"),
        enteredAt: event.timestamp,
      };
    case "QUEUE_POSITION_CHANGED":
      return { ...entry, ...told(event.data, "position", "estimatedWaitSeconds") };
    case "QUEUE_AGENT_OFFERED":
      return {
        ...entry,
        ...told(event.data, "caller"),
        offer: told(event.data, "offerId", "agent", "expiresAt"),
      };
    case "QUEUE_AGENT_NO_ANSWER":
      return entry.offer?.offerId === event.data.offerId ? without(entry, "offer") : entry;
    case "QUEUE_CALLBACK_REQUESTED": {
      const callback = { ...told(event.data, "callbackId", "expiresAt"), failedAttempts: 0 };
      return { ...without(entry, "offer"), ...told(event.data, "caller", "position", "enteredAt"), callback };
    }
    case "QUEUE_CALLBACK_FAILED": {
      const rest = without(entry, "offer");
      if (rest.callback === undefined) return rest;
      const callback = {
        ...without(rest.callback, "nextAttemptAt"),
        ...told(event.data, "nextAttemptAt"),
        failedAttempts: event.data.attempt,
      };
      return { ...rest, callback };
    }
    // A type of a newer server ([D4]).
    default:
      return known;
  }
}

/** A queue is known by name from the first event that tells of it. */
function nameQueue(tables: ReadonlyTables, { data, seq }: QueueEvent): readonly Change[] {
  if (!("queueId" in data) || data.queueId === undefined || data.queueName === undefined) return [];
  const { queueId, queueName } = data;
  if (tables.queues.get(queueId)?.queueName === queueName) return [];
  return changeAt(tables, "queues", queueId, seq, { queueId, queueName });
}

function reduceAgent(tables: ReadonlyTables, event: Extract<AnyEvent, { type: `AGENT_${string}` }>): readonly Change[] {
  const { agentId } = event.data;
  if (isOld(tables.agents.get(agentId), event.seq)) return [];
  const seq = event.seq ?? 0;
  const base = { ...told(event.data, "agentId", "extensionId", "number", "name"), seq, since: event.timestamp };
  const memberships = [...tables.memberships.values()].filter((membership) => membership.agentId === agentId);
  switch (event.type) {
    case "AGENT_STATE_CHANGED": {
      const news = told(event.data, "reasonCode", "queueId", "since", "endsAt", "nextStatus", "nextReasonCode");
      const agent: Agent = { ...base, status: event.data.newStatus, ...news };
      return [...change(tables, "agents", agentId, agent), ...nameQueue(tables, event)];
    }
    case "AGENT_LOGGED_IN": {
      const { queues } = event.data;
      const status = event.data.status ?? "available";
      const kept = new Set(queues.map(({ queueId }) => queueId));
      return [
        ...change(tables, "agents", agentId, { ...base, status }),
        ...memberships
          .filter(({ queueId }) => !kept.has(queueId))
          .flatMap(({ key }) => change(tables, "memberships", key, undefined)),
        ...queues.flatMap(({ queueId, queueName }) => {
          const key = `${agentId} ${queueId}`;
          const isKnown = tables.queues.get(queueId)?.queueName === queueName;
          return [
            ...(tables.memberships.has(key) ? [] : change(tables, "memberships", key, { key, agentId, queueId, seq })),
            ...(isKnown ? [] : change(tables, "queues", queueId, { queueId, queueName, seq })),
          ];
        }),
      ];
    }
    case "AGENT_LOGGED_OUT": {
      const agent: Agent = { ...base, status: "offline", ...told(event.data, "reasonCode") };
      return [
        ...change(tables, "agents", agentId, agent),
        ...memberships.flatMap(({ key }) => change(tables, "memberships", key, undefined)),
      ];
    }
  }
}
