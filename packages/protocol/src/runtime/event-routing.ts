import type { Audience } from "../core/audience.ts";
import type { ChannelForm } from "./channel-table.ts";
import { type Conflation, type EventFacts, type EventType, eventTable } from "./event-table.ts";

/** Channels of each event type, as the documents write them ([W23]). */
export const eventChannels: Readonly<Record<EventType, readonly ChannelForm[]>> = mapTable(({ channels }) => channels);

/**
 * Names of the channels that carry an event, each once ([W22], [W23]).
 * `me` is filled in per user, as `me:<userId>`: a session's `me` is its own user's.
 */
export function channelsOf(type: EventType, audience: Audience): readonly string[] {
  const { channels }: EventFacts = eventTable[type];
  return [...new Set(channels.flatMap((form) => fill(type, form, audience)))];
}

/** How the outbox may merge events of this type ([W31]). */
export function conflationOf(type: EventType): Conflation {
  return eventTable[type].conflation;
}

/**
 * Events with the same key may be merged by `conflationOf`; undefined where an event is never merged ([W31]).
 */
export function conflationKeyOf(event: { readonly type: EventType; readonly data?: object }): string | undefined {
  const { conflation, subject }: EventFacts = eventTable[event.type];
  if (conflation === "never") return undefined;
  const data: Readonly<Record<string, unknown>> = { ...event.data };
  const id = subject === undefined ? "" : data[subject];
  return typeof id === "string" ? `${event.type} ${id}` : undefined;
}

export function isEphemeral(type: EventType): boolean {
  return eventTable[type].isEphemeral;
}

function fill(type: EventType, form: ChannelForm, audience: Audience): readonly string[] {
  switch (form) {
    case "calls:<extensionId>":
      return (audience.extensions ?? []).map(({ id }) => `calls:${id}`);
    case "extension:<number>":
      return (audience.extensions ?? []).map(({ number }) => `extension:${number}`);
    case "queues:<queueId>":
      return (audience.queueIds ?? []).map((id) => `queues:${id}`);
    case "agents:<agentId>":
      return (audience.agentIds ?? []).map((id) => `agents:${id}`);
    case "conferences:<conferenceId>":
      return (audience.conferenceIds ?? []).map((id) => `conferences:${id}`);
    case "me":
      return (audience.userIds ?? []).map((id) => `me:${id}`);
    case "parking":
      return type === "CALL_ENDED" && audience.isParked !== true ? [] : [form];
    default:
      return [form];
  }
}

function mapTable<Value>(of: (facts: EventFacts) => Value): Readonly<Record<EventType, Value>> {
  return Object.fromEntries(Object.entries(eventTable).map(([type, facts]) => [type, of(facts)])) as Record<
    EventType,
    Value
  >;
}
