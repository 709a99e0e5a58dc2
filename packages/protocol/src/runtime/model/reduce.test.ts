import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { events, isEventType } from "../../index.ts";
import {
  type AnyEvent,
  commit,
  emptyTables,
  endedCallLimit,
  reduce,
  snapshotFromTables,
  type Tables,
  tablesFromSnapshot,
} from "../../runtime.ts";

const all = { epoch: "e", seq: 0, scope: ["calls"] };
const snapshotOf = (tables: Tables): unknown => snapshotFromTables(tables, all);

/** Examples are valid for their type; what the generator changes stays valid. */
function eventOf(type: string, seq: number, data: Readonly<Record<string, unknown>>): AnyEvent {
  const timestamp = new Date(1_762_943_400_000 + seq).toISOString();
  return { type, timestamp, eventId: `id-${seq}`, seq, data } as unknown as AnyEvent;
}

function fold(tables: Tables, list: readonly AnyEvent[]): Tables {
  for (const event of list) commit(tables, reduce(tables, event));
  return tables;
}

const types = Object.keys(events).filter((type) => isEventType(type) && !events[type].isEphemeral);
const step = fc.record({ type: fc.constantFrom(...types), thing: fc.integer({ min: 0, max: 2 }) });

/** A run: any events in any order about few things, positions and versions rising; what ended never comes back ([C3]). */
const run = fc.array(step, { maxLength: 60 }).map((steps) => {
  const versions = new Map<number, number>();
  const ends = new Map<number, number>();
  return steps.map(({ type, thing }, index) => {
    const example: Readonly<Record<string, unknown>> = isEventType(type) ? { ...events[type].example } : {};
    const version = (versions.get(thing) ?? 0) + 1;
    versions.set(thing, version);
    const callSuffix = `${thing}-${ends.get(thing) ?? 0}`;
    if (type === "CALL_ENDED") ends.set(thing, (ends.get(thing) ?? 0) + 1);
    const named = Object.fromEntries(
      Object.entries(example).map(([name, value]) =>
        typeof value === "string" && /Id$|^number$|^parkingSlot$/.test(name)
          ? [name, `${value}-${name === "callId" ? callSuffix : thing}`]
          : [name, value],
      ),
    );
    return eventOf(type, index + 1, type.startsWith("CALL_") ? { ...named, version } : named);
  });
});

describe("reduce", () => {
  it("[W26] fold(snapshot, events after it) equals a later snapshot, at every cut", () => {
    fc.assert(
      fc.property(run, fc.nat(), (list, at) => {
        const cut = list.length === 0 ? 0 : at % list.length;
        const early = fold(emptyTables(), list.slice(0, cut));
        const text = JSON.stringify(snapshotFromTables(early, all));
        const joined = fold(tablesFromSnapshot(JSON.parse(text)), list.slice(cut));
        expect(snapshotOf(joined)).toEqual(snapshotOf(fold(early, list.slice(cut))));
      }),
      { numRuns: 200 },
    );
  });

  it("[M2] is idempotent: an event that was applied changes nothing", () => {
    fc.assert(
      fc.property(run, (list) => {
        const tables = emptyTables();
        for (const event of list) {
          commit(tables, reduce(tables, event));
          const before = snapshotOf(tables);
          commit(tables, reduce(tables, event));
          expect(snapshotOf(tables)).toEqual(before);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("[M2] is total and changes nothing itself; entities are frozen", () => {
    fc.assert(
      fc.property(run, (list) => {
        const tables = fold(emptyTables(), list);
        const before = snapshotOf(tables);
        for (const event of list) reduce(tables, event);
        expect(snapshotOf(tables)).toEqual(before);
        for (const table of Object.values(tables))
          for (const entity of table.values()) expect(Object.isFrozen(entity)).toBe(true);
      }),
      { numRuns: 50 },
    );
    expect(reduce(emptyTables(), eventOf("SOMETHING_NEW", 1, {}))).toEqual([]);
  });

  it("[M2] [C3] a lower version of a call changes nothing, a jump is accepted", () => {
    const tables = fold(emptyTables(), [
      eventOf("CALL_CREATED", 1, { ...events.CALL_CREATED.example, version: 1 }),
      eventOf("CALL_HELD", 2, { ...events.CALL_HELD.example, version: 7 }),
    ]);
    expect(reduce(tables, eventOf("CALL_UNHELD", 3, { ...events.CALL_UNHELD.example, version: 6 }))).toEqual([]);
    expect([...tables.calls.values()]).toMatchObject([{ state: "held", version: 7, heldBy: [{ number: "200" }] }]);
  });

  it("[C4] an ended call leaves the active ones, frees its slot, and does not come back", () => {
    const created = eventOf("CALL_CREATED", 1, { ...events.CALL_CREATED.example, version: 1 });
    const tables = fold(emptyTables(), [
      created,
      eventOf("CALL_PARKED", 2, { ...events.CALL_PARKED.example, version: 2 }),
      eventOf("CALL_ENDED", 3, { ...events.CALL_ENDED.example, version: 3 }),
    ]);
    expect([tables.calls.size, tables.parkingSlots.size]).toEqual([0, 0]);
    expect([...tables.endedCalls.values()]).toMatchObject([
      { state: "ended", ended: { hangupCause: "normal_clearing" } },
    ]);
    expect(reduce(tables, created)).toEqual([]);
  });

  it("[M8] remembers a bounded number of ended calls", () => {
    const ended = Array.from({ length: endedCallLimit + 5 }, (_, index) =>
      eventOf("CALL_ENDED", index + 1, { ...events.CALL_ENDED.example, callId: `call-${index}` }),
    );
    const tables = fold(emptyTables(), ended);
    expect(tables.endedCalls.size).toBe(endedCallLimit);
    expect(tables.endedCalls.has("call-4")).toBe(false);
  });

  it("[W49] who joins late learns the whole call from the event", () => {
    const call = { direction: "inbound", caller: { number: "1" }, startedAt: "2025-11-12T10:30:00.000Z" };
    const tables = fold(emptyTables(), [eventOf("CALL_RINGING", 5, { ...events.CALL_RINGING.example, call })]);
    expect([...tables.calls.values()]).toMatchObject([
      { direction: "inbound", startedAt: call.startedAt, state: "ringing" },
    ]);
  });

  it("[U24] a call tells since when it is what it is, and since when these two talk", () => {
    const { callId } = events.CALL_CREATED.example;
    const at = (version: number): string => eventOf("CALL_CREATED", version, {}).timestamp;
    const steps = [
      ["CALL_CREATED", at(1), undefined],
      ["CALL_RINGING", at(2), undefined],
      ["CALL_RINGING", at(3), undefined],
      ["CALL_ANSWERED", at(4), at(4)],
      ["CALL_HELD", at(5), at(4)],
      ["CALL_UNHELD", at(6), at(4)],
      ["CALL_MUTED", at(6), at(4)],
      ["CALL_TRANSFERRED", at(8), at(4)],
      ["CALL_ANSWERED", at(9), at(9)],
    ] as const;
    const tables = emptyTables();
    for (const [index, [type, stateSince, talkSince]] of steps.entries()) {
      const version = index + 1;
      fold(tables, [eventOf(type, version, { ...events[type].example, callId, version })]);
      const [call] = tables.calls.values();
      expect([type, call?.stateSince, call?.talkSince]).toEqual([type, stateSince, talkSince]);
    }
  });

  it("[Q2] a log-in names all queues of the agent; a log-out ends them", () => {
    const tables = fold(emptyTables(), [eventOf("AGENT_LOGGED_IN", 1, events.AGENT_LOGGED_IN.example)]);
    expect([tables.memberships.size, tables.queues.size]).toEqual([2, 2]);
    fold(tables, [eventOf("AGENT_LOGGED_OUT", 2, events.AGENT_LOGGED_OUT.example)]);
    expect(tables.memberships.size).toBe(0);
    expect([...tables.agents.values()]).toMatchObject([{ status: "offline" }]);
  });

  it("[V23] [V26] a conference shows that it is locked and recorded; what is told after its end brings it not back", () => {
    const team = { conferenceId: "c" };
    const begun = [
      eventOf("CONFERENCE_STARTED", 1, { ...team, name: "Team" }),
      eventOf("CONFERENCE_LOCKED", 2, team),
      eventOf("CONFERENCE_RECORDING_STARTED", 3, { ...team, recordingId: "r" }),
    ];
    const tables = fold(emptyTables(), begun);
    expect(tables.conferences.get("c")).toMatchObject({ isLocked: true, recordingId: "r" });
    fold(tables, [eventOf("CONFERENCE_UNLOCKED", 4, team)]);
    expect(tables.conferences.get("c")).toMatchObject({ isLocked: false });
    fold(tables, [
      eventOf("CONFERENCE_ENDED", 5, { ...team, name: "Team", durationSeconds: 1, totalParticipants: 1 }),
      eventOf("CONFERENCE_RECORDING_STOPPED", 6, { ...team, recordingId: "r", durationSeconds: 1, fileSizeBytes: 44 }),
      eventOf("CONFERENCE_TALKING", 7, { ...team, talking: [] }),
    ]);
    expect(tables.conferences.size).toBe(0);
  });

  it("[D4] [M2] an event of a newer server, of a kind that is known, breaks nothing and takes nothing away", () => {
    const tables = fold(emptyTables(), [eventOf("CALL_CREATED", 1, { ...events.CALL_CREATED.example, version: 1 })]);
    const { callId } = events.CALL_CREATED.example;
    const kinds = ["CALL", "QUEUE", "AGENT", "EXTENSION", "PRESENCE", "VOICEMAIL", "CONFERENCE", "TRUNK", "FAX"];
    fold(
      tables,
      kinds.map((kind, index) => eventOf(`${kind}_OF_THE_FUTURE`, index + 2, { callId, version: index + 2 })),
    );
    expect(tables.calls.get(callId)).toMatchObject({ state: "initiated", version: 2 });
  });
});
