import type { Call } from "./entities.ts";
import type { ScopeFilter, SnapshotTableName } from "./snapshot.ts";
import type { ReadonlyTables, TableEntities } from "./tables.ts";

type ChannelsOfEntity = {
  readonly [Name in SnapshotTableName]: (entity: TableEntities[Name], tables: ReadonlyTables) => readonly string[];
};

const channelsOfEntity: ChannelsOfEntity = {
  calls: (call, tables) => ofCall(call, tables),
  extensions: ({ number }) => ["extensions", `extension:${number}`],
  registrations: ({ number }) => ["extensions", `extension:${number}`],
  presence: ({ number }) => ["presence", `extension:${number}`],
  agents: ({ agentId, number }, tables) => [
    "agents",
    `agents:${agentId}`,
    `extension:${number}`,
    ...[...tables.memberships.values()]
      .filter((each) => each.agentId === agentId)
      .map(({ queueId }) => `queues:${queueId}`),
  ],
  memberships: ({ agentId, queueId }, tables) => {
    const agent = tables.agents.get(agentId);
    const own = agent === undefined ? [] : [`extension:${agent.number}`];
    return ["agents", `agents:${agentId}`, `queues:${queueId}`, ...own];
  },
  queues: ({ queueId }) => ["queues", `queues:${queueId}`],
  // Who waits himself has it by `me`.
  queueEntries: ({ queueId, callId }, { calls }) => [
    "queues",
    `queues:${queueId}`,
    ...(calls.get(callId)?.participants ?? []).flatMap(({ extensionId }) => named("me", extensionId)),
  ],
  parkingSlots: ({ callId }, tables) => {
    const call = tables.calls.get(callId);
    return ["parking", ...(call === undefined ? [] : ofCall(call, tables))];
  },
  conferences: ({ conferenceId }) => ["conferences", `conferences:${conferenceId}`],
  participants: ({ conferenceId }) => ["conferences", `conferences:${conferenceId}`],
  mailboxes: ({ extensionNumber }) => [
    "voicemail",
    ...(extensionNumber === undefined ? [] : [`extension:${extensionNumber}`]),
  ],
  trunks: () => ["system", "trunks"],
};

/**
 * The channels that cover an entity ([W26]): those that carry its events ([W23]). Without `me`, which a server resolves
 * to the user's own channels first.
 */
export function entityChannels<Name extends SnapshotTableName>(
  tables: ReadonlyTables,
  table: Name,
  entity: TableEntities[Name],
): readonly string[] {
  return channelsOfEntity[table](entity, tables);
}

/** What a snapshot of these channels includes. */
export function scopeFilter(tables: ReadonlyTables, scope: readonly string[]): ScopeFilter {
  const wanted = new Set(scope);
  return (table, entity) => entityChannels(tables, table, entity).some((channel) => wanted.has(channel));
}

function ofCall({ callId, participants, queue }: Call, tables: ReadonlyTables): readonly string[] {
  const parties = participants.flatMap(({ number, extensionId }) => [
    `extension:${number}`,
    ...named("calls", extensionId ?? tables.extensions.get(number)?.extensionId),
  ]);
  return ["calls", ...parties, ...named("queues", tables.queueEntries.get(callId)?.queueId ?? queue?.id)];
}

function named(channel: string, id: string | undefined): readonly string[] {
  return id ? [`${channel}:${id}`] : [];
}
