import { type AnyEvent, entityChannels, keyOf, type ReadonlyTables } from "@pbx-x/protocol/runtime";

/** Kind of an event, the first word of its type → the table of what it is about. */
const tableOf = {
  CALL: "calls",
  EXTENSION: "extensions",
  PRESENCE: "presence",
  VOICEMAIL: "mailboxes",
  QUEUE: "queues",
  AGENT: "agents",
  CONFERENCE: "conferences",
  TRUNK: "trunks",
} as const;

const ofParking: readonly string[] = ["CALL_PARKED", "CALL_UNPARKED", "CALL_ENDED"];

/**
 * The channels that carry an event ([W23]), as far as event and model tell: those that cover what it is about, before it or after it. The group
 * has the channels of all its tabs; each tab gets those that it wants. Undefined for a type of a newer server, at which
 * everybody may look.
 */
export function channelsOfEvent({ type, data }: AnyEvent, tables: ReadonlyTables): readonly string[] | undefined {
  if (type === "SYSTEM_ALERT") return ["system"];
  const table = tableOf[type.split("_", 1)[0] as keyof typeof tableOf];
  if (table === undefined) return undefined;
  // What the event tells of the entity, over what is known of it.
  const key = keyOf(table, data as never);
  const known = tables[table].get(key) ?? (table === "calls" ? tables.endedCalls.get(key) : undefined);
  const names = entityChannels(tables, table, { participants: [], ...known, ...data } as never);
  return ofParking.includes(type) ? [...names, "parking"] : names;
}
