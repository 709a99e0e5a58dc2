import { type AnyEvent, type Audience, channelsOf, type ReadonlyTables } from "@pbx-x/protocol/runtime";

/**
 * Whether one of these channels carries an event ([W23]), as far as event and model tell whom it concerns. The group
 * has the channels of all its tabs; each tab gets those that it wants.
 */
export function carries(channels: ReadonlySet<string>, event: AnyEvent, tables: ReadonlyTables): boolean {
  let names: readonly string[];
  try {
    names = channelsOf(event.type, audienceOf(event, tables));
  } catch {
    // A type of a newer server: everybody may look at it.
    return true;
  }
  return names.some((name) => channels.has(name));
}

function audienceOf({ data, type }: AnyEvent, tables: ReadonlyTables): Audience {
  const facts: Readonly<Record<string, unknown>> = { ...data };
  const text = (name: string): string | undefined => {
    const value = facts[name];
    return typeof value === "string" ? value : undefined;
  };
  const callId = text("callId");
  const call = callId === undefined ? undefined : (tables.calls.get(callId) ?? tables.endedCalls.get(callId));
  const idOf = (number: string): string => tables.extensions.get(number)?.extensionId ?? "";
  const parties = (call?.participants ?? []).map(({ number, extensionId }) => ({
    number,
    id: extensionId ?? idOf(number),
  }));
  const number = text("extensionNumber") ?? text("number");
  const agentId = text("agentId");
  const agent = agentId === undefined ? undefined : tables.agents.get(agentId);
  const own = number ?? agent?.number;
  const queueId = text("queueId") ?? call?.queue?.id;
  const memberships = [...tables.memberships.values()].filter((each) => each.agentId === agentId);
  const queueIds = [...(queueId === undefined ? [] : [queueId]), ...memberships.map((each) => each.queueId)];
  const conferenceId = text("conferenceId");
  return {
    extensions: [...parties, ...(own === undefined ? [] : [{ number: own, id: text("extensionId") ?? idOf(own) }])],
    queueIds,
    agentIds: agentId === undefined ? [] : [agentId],
    conferenceIds: conferenceId === undefined ? [] : [conferenceId],
    isParked: type === "CALL_ENDED",
  };
}
