import type { Database } from "../storage/open-database.ts";
import { createTurns } from "../storage/turns.ts";
import { type ConferenceDirectory, conferenceLimits, type ConferenceRoom, defaultRoom } from "./conference-room.ts";

export type RoomOutcome =
  | { readonly ok: true; readonly room: ConferenceRoom }
  | { readonly ok: false; readonly reason: "no_such_room" | "number_taken" | "too_many" };

export interface ConferenceBookOptions {
  readonly db: Database;
  readonly now: () => number;
  /** Something else has this number. */
  readonly isTaken: (number: string) => boolean;
}

/** The rooms: read from memory, written to the database first. */
export interface ConferenceBook extends ConferenceDirectory {
  create(room: ConferenceRoom): Promise<RoomOutcome>;
  /** In force at once; who is in the room stays. */
  update(id: string, change: (before: ConferenceRoom) => ConferenceRoom): Promise<RoomOutcome>;
  remove(id: string): Promise<RoomOutcome>;
}

export async function createConferenceBook({ db, now, isTaken }: ConferenceBookOptions): Promise<ConferenceBook> {
  const inTurn = createTurns();
  const rows = await db.selectFrom("conferences").select("record_json").execute();
  let byId = new Map<string, ConferenceRoom>();
  let byNumber = new Map<string, ConferenceRoom>();
  const keep = (rooms: readonly ConferenceRoom[]): void => {
    const sorted = rooms.toSorted((a, b) => (a.number < b.number ? -1 : 1));
    byId = new Map(sorted.map((room) => [room.id, room]));
    byNumber = new Map(sorted.map((room) => [room.number, room]));
  };
  // Written by `save` below.
  keep(rows.map((row) => ({ ...defaultRoom, ...(JSON.parse(row.record_json) as ConferenceRoom) })));
  const save = async (room: ConferenceRoom): Promise<void> => {
    const row = { number: room.number, record_json: JSON.stringify(room), updated_at: now() };
    await db
      .insertInto("conferences")
      .values({ id: room.id, ...row })
      .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
      .execute();
    keep([...[...byId.values()].filter(({ id }) => id !== room.id), room]);
  };
  const isFree = (number: string): boolean => !byNumber.has(number) && !isTaken(number);
  return {
    byId: (id) => byId.get(id),
    byNumber: (number) => byNumber.get(number),
    all: () => [...byId.values()],
    create: (room) =>
      inTurn(async () => {
        if (!isFree(room.number)) return { ok: false, reason: "number_taken" };
        if (byId.size >= conferenceLimits.rooms) return { ok: false, reason: "too_many" };
        await save(room);
        return { ok: true, room };
      }),
    update: (id, change) =>
      inTurn(async () => {
        const before = byId.get(id);
        if (before === undefined) return { ok: false, reason: "no_such_room" };
        const room = { ...change(before), id };
        if (room.number !== before.number && !isFree(room.number)) return { ok: false, reason: "number_taken" };
        await save(room);
        return { ok: true, room };
      }),
    remove: (id) =>
      inTurn(async () => {
        const room = byId.get(id);
        if (room === undefined) return { ok: false, reason: "no_such_room" };
        await db.deleteFrom("conferences").where("id", "=", id).execute();
        keep([...byId.values()].filter((one) => one !== room));
        return { ok: true, room };
      }),
  };
}
