import type * as entity from "./entities.ts";

/** The entity that each table holds ([M1]). */
export interface TableEntities {
  /** By `callId`; active calls only. */
  readonly calls: entity.Call;
  /** By `callId`; the last `endedCallLimit` calls that ended, oldest first. Not in snapshots. */
  readonly endedCalls: entity.Call;
  /** By number. */
  readonly extensions: entity.Extension;
  /** By `key`. */
  readonly registrations: entity.Registration;
  /** By `extensionId`. */
  readonly presence: entity.Presence;
  readonly agents: entity.Agent;
  /** By `key`: `<agentId> <queueId>`. */
  readonly memberships: entity.Membership;
  readonly queues: entity.Queue;
  /** By `queueId`; ephemeral, not in snapshots. */
  readonly queueStats: entity.QueueStats;
  /** By `callId`. */
  readonly queueEntries: entity.QueueEntry;
  /** By slot; taken ones only. */
  readonly parkingSlots: entity.ParkingSlot;
  readonly conferences: entity.Conference;
  readonly participants: entity.Participant;
  readonly mailboxes: entity.Mailbox;
  readonly trunks: entity.Trunk;
}

export type TableName = keyof TableEntities;

/** The state that the events add up to. Only `commit` writes to it. */
export type Tables = { readonly [Name in TableName]: Map<string, TableEntities[Name]> };

/** For reading only. */
export type ReadonlyTables = { readonly [Name in TableName]: ReadonlyMap<string, TableEntities[Name]> };

/** One entity before and after; `after` undefined means that it is gone ([M2]). */
export type Change = {
  readonly [Name in TableName]: {
    readonly table: Name;
    readonly key: string;
    readonly before: TableEntities[Name] | undefined;
    readonly after: TableEntities[Name] | undefined;
  };
}[TableName];

/** How many ended calls are remembered ([M8]). */
export const endedCallLimit = 200;

/** The field that each table is keyed by. */
const keyFields = {
  calls: "callId",
  extensions: "number",
  registrations: "key",
  presence: "extensionId",
  agents: "agentId",
  memberships: "key",
  queues: "queueId",
  queueEntries: "callId",
  parkingSlots: "parkingSlot",
  conferences: "conferenceId",
  participants: "participantId",
  mailboxes: "voicemailBoxId",
  trunks: "trunkId",
  endedCalls: "callId",
  queueStats: "queueId",
} as const satisfies { readonly [Name in TableName]: keyof TableEntities[Name] };

/** The kinds of channels that bring the entities of each table ([W23]), the main one first. */
const channelKinds: Readonly<Record<TableName, readonly string[]>> = {
  calls: ["calls", "queues"],
  extensions: ["extensions"],
  registrations: ["extensions"],
  presence: ["presence"],
  agents: ["agents", "queues"],
  memberships: ["agents", "queues"],
  queues: ["queues"],
  queueEntries: ["queues"],
  parkingSlots: ["parking", "calls"],
  conferences: ["conferences"],
  participants: ["conferences"],
  mailboxes: ["voicemail"],
  trunks: ["trunks", "system"],
  endedCalls: ["calls", "queues"],
  queueStats: ["queues"],
};

/** All tables; those that a snapshot leaves out come last. */
export const tableNames = Object.keys(keyFields) as readonly TableName[];

/** The key under which a table holds an entity. */
export function keyOf<Name extends TableName>(table: Name, entity: TableEntities[Name]): string {
  return String((entity as unknown as Readonly<Record<string, unknown>>)[keyFields[table]]);
}

/** Kinds of channels that bring entities of a table, besides `extension:…` and `me`; the first is the one to ask for. */
export function channelKindsOf(table: TableName): readonly string[] {
  return channelKinds[table];
}

export function emptyTables(): Tables {
  // One map for each of the names, which is what the type says.
  return Object.fromEntries(tableNames.map((name) => [name, new Map()])) as unknown as Tables;
}

/** Writes changes into the tables ([M2]). Entities are frozen. */
export function commit(tables: Tables, changes: readonly Change[]): void {
  for (const { table, key, after } of changes) {
    // The union of changes pairs each table with its own entity.
    const map = tables[table] as Map<string, unknown>;
    if (after === undefined) map.delete(key);
    else map.set(key, Object.freeze(after));
  }
}

/** A change of one entity, or nothing if it is the same. */
export function change<Name extends TableName>(
  tables: ReadonlyTables,
  table: Name,
  key: string,
  after: TableEntities[Name] | undefined,
): readonly Change[] {
  const before = tables[table].get(key);
  if (before === after) return [];
  // A table and its own entity, which is what the union of changes consists of.
  return [{ table, key, before, after } as unknown as Change];
}
