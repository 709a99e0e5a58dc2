import { events, type EventType } from "../../src/index.ts";

/** A whole event with the example's data. */
export function example(type: EventType): Readonly<Record<string, unknown>> {
  const { isEphemeral, example: data } = events[type];
  return {
    type,
    timestamp: "2025-11-12T10:30:00.000Z",
    eventId: "0198c0de-0000-7000-8000-0000000000ff",
    ...(!isEphemeral && { seq: 10482 }),
    data,
  };
}
