import { describe, expect, it } from "vitest";
import { events, isEventType } from "../../index.ts";
import {
  type AnyEvent,
  commit,
  emptyTables,
  reduce,
  scopeFilter,
  snapshotFromTables,
  snapshotTables,
  type Tables,
} from "../../runtime.ts";

function after(...types: readonly string[]): Tables {
  const tables = emptyTables();
  for (const [index, type] of types.entries()) {
    const data = isEventType(type) ? { ...events[type].example, version: index + 1 } : {};
    const event = { type, seq: index + 1, timestamp: "2025-11-12T10:30:00.000Z", data } as unknown as AnyEvent;
    commit(tables, reduce(tables, event));
  }
  return tables;
}

function tablesIn(tables: Tables, scope: readonly string[]): readonly string[] {
  const snapshot = snapshotFromTables(tables, { epoch: "e", seq: 9, scope, includes: scopeFilter(tables, scope) });
  return snapshotTables.filter((name) => snapshot.tables[name].length > 0);
}

const world = [
  "EXTENSION_STATUS_CHANGED",
  "EXTENSION_REGISTERED",
  "PRESENCE_UPDATED",
  "AGENT_LOGGED_IN",
  "CALL_CREATED",
  "QUEUE_CALL_ENTERED",
  "CALL_PARKED",
  "VOICEMAIL_RECEIVED",
  "CONFERENCE_STARTED",
  "CONFERENCE_PARTICIPANT_JOINED",
  "TRUNK_STATUS_CHANGED",
];

describe("scope of a snapshot", () => {
  const { queueId } = events.QUEUE_CALL_ENTERED.example;
  const { extensionId } = events.EXTENSION_REGISTERED.example;
  it.each([
    ["calls", ["calls", "parkingSlots"]],
    [`calls:${extensionId}`, ["calls", "parkingSlots"]],
    ["calls:somebody-else", []],
    ["extensions", ["extensions", "registrations"]],
    [
      "extension:200",
      ["calls", "extensions", "registrations", "presence", "agents", "memberships", "parkingSlots", "mailboxes"],
    ],
    ["extension:201", []],
    ["queues", ["queues", "queueEntries"]],
    [`queues:${queueId}`, ["calls", "agents", "memberships", "queues", "queueEntries", "parkingSlots"]],
    ["agents", ["agents", "memberships"]],
    ["presence", ["presence"]],
    ["voicemail", ["mailboxes"]],
    ["conferences", ["conferences", "participants"]],
    ["parking", ["parkingSlots"]],
    ["trunks", ["trunks"]],
  ])("[W26] [W55] %s covers what its events tell of", (channel, tables) => {
    expect(tablesIn(after(...world), [channel])).toEqual(tables);
  });
});
