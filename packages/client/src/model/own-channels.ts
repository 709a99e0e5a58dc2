import type { Actor, ReadonlyTables } from "@pbx-x/protocol/runtime";

/** Channels with `me` written out as the user's own: extension, calls, queues ([W21]). */
export function writtenOut(channels: readonly string[], actor: Actor, tables: ReadonlyTables): readonly string[] {
  return channels.flatMap((channel) => (channel === "me" ? ownChannels(actor, tables) : [channel]));
}

function ownChannels({ extensionId, extensionNumber, permissions }: Actor, tables: ReadonlyTables): readonly string[] {
  const agents = [...tables.agents.values()].filter((agent) => agent.extensionId === extensionId);
  const queues = [...tables.memberships.values()].filter(({ agentId }) =>
    agents.some((agent) => agent.agentId === agentId),
  );
  return [
    ...(extensionNumber === undefined ? [] : [`extension:${extensionNumber}`]),
    ...(extensionId === undefined ? [] : [`calls:${extensionId}`, `me:${extensionId}`]),
    ...agents.map(({ agentId }) => `agents:${agentId}`),
    ...queues.map(({ queueId }) => `queues:${queueId}`),
    ...(permissions.has("conferences.view.all") ? [] : ["conferences"]),
  ];
}
