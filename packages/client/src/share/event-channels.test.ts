import {
  type AnyEvent,
  type Change,
  commit,
  emptyTables,
  eventChannels,
  events,
  type EventType,
  reduce,
} from "@pbx-x/protocol";
import { describe, expect, it } from "vitest";
import { channelsOfEvent } from "./event-channels.ts";

/** Events of the connection itself reach every client, whatever it wants. */
const shared = Object.values(events).filter(({ type }) => eventChannels[type].length > 0);

function exampleOf(type: EventType): AnyEvent {
  return { type, timestamp: "2026-01-01T00:00:00Z", seq: 1, data: events[type].example } as unknown as AnyEvent;
}

/** What is known before: the call with a party whose extension is known and a queue, an agent who is logged in to one. */
function before({ callId, agentId }: { readonly callId?: string; readonly agentId?: string }): readonly Change[] {
  const participants = [{ number: "200", extensionId: "ext-200" }];
  const call = { callId, seq: 0, version: 0, state: "answered", participants, legs: [], heldBy: [], monitors: [] };
  const membership = { key: `${agentId} q`, agentId, queueId: "q", seq: 0 };
  const known = [
    { table: "calls", key: callId, after: { ...call, queue: { id: "q" } } },
    { table: "memberships", key: membership.key, after: membership },
  ];
  return known.filter(({ key }) => key !== undefined).map((each) => ({ ...each, before: undefined }) as never);
}

describe("the channels of an event, as a hub of tabs sees them", () => {
  it.each(shared.map(({ type }) => type))("[T2] [W23] %s: those that the contract's table names", (type) => {
    const tables = emptyTables();
    const event = exampleOf(type);
    commit(tables, before(events[type].example as object));
    const found = [...(channelsOfEvent(event, tables) ?? [])];
    commit(tables, reduce(tables, event));
    found.push(...(channelsOfEvent(event, tables) ?? []));
    const forms = eventChannels[type].filter((form) => form !== "me").map((form) => form.replace(/<.*/, ""));
    // What is not known gives the name of a channel that nobody has.
    const names = found.filter((name) => !name.endsWith(":undefined"));
    expect(new Set(names.map((name) => name.replace(/:.*/, ":")))).toEqual(new Set(forms));
  });

  it("[T2] [A1] a type of a newer server is for everybody", () => {
    const event = { type: "FAX_SENT", timestamp: "2026-01-01T00:00:00Z", data: {} } as unknown as AnyEvent;
    expect(channelsOfEvent(event, emptyTables())).toBeUndefined();
  });
});
