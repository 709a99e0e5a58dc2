import type { NewId } from "../ids.ts";
import type { Database } from "../storage/open-database.ts";
import { createTurns } from "../storage/turns.ts";
import { defaultLot, lotOf, maximumSlots, type ParkingLot } from "./parking-lot.ts";

export type LotChanges = Partial<Omit<ParkingLot, "id">>;

export type LotUpdate =
  | { readonly ok: true; readonly lot: ParkingLot }
  | { readonly ok: false; readonly reason: "no_such_lot" | "wrong_range" | "overlaps_lot" | "overlaps_extension" };

export interface ParkingLotsOptions {
  readonly db: Database;
  readonly newId: NewId;
  readonly now: () => number;
  /** Numbers that the extensions have. */
  readonly extensionNumbers: () => readonly string[];
}

/** The parking lots: read from memory, written to the database first. There is always one. */
export interface ParkingLots {
  /** In the order of their slots. */
  all(): readonly ParkingLot[];
  isSlot(number: string): boolean;
  /** In force at once; calls that are parked stay, with the time they were given. */
  update(id: string, changes: LotChanges): Promise<LotUpdate>;
  /** After a change is stored. */
  onChanged(listener: () => void): void;
}

export async function createParkingLots({
  db,
  newId,
  now,
  extensionNumbers,
}: ParkingLotsOptions): Promise<ParkingLots> {
  const inTurn = createTurns();
  const listeners = new Set<() => void>();
  const rows = await db.selectFrom("parking_lots").select("record_json").execute();
  // Written by `save` below.
  let lots = rows.map((row) => JSON.parse(row.record_json) as ParkingLot);
  const save = async (lot: ParkingLot): Promise<void> => {
    const row = { record_json: JSON.stringify(lot), updated_at: now() };
    await db
      .insertInto("parking_lots")
      .values({ id: lot.id, ...row })
      .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
      .execute();
    lots = [...lots.filter(({ id }) => id !== lot.id), lot].toSorted((a, b) => a.firstSlot - b.firstSlot);
  };
  if (lots.length === 0) await save({ id: newId(), ...defaultLot });
  return {
    all: () => lots,
    onChanged: (listener) => void listeners.add(listener),
    isSlot: (number) => lotOf(lots, number) !== undefined,
    update: (id, changes) =>
      inTurn(async () => {
        const before = lots.find((lot) => lot.id === id);
        if (before === undefined) return { ok: false, reason: "no_such_lot" };
        const lot = { ...before, ...changes };
        const isRangeNew = lot.firstSlot !== before.firstSlot || lot.lastSlot !== before.lastSlot;
        const reason = isRangeNew ? whatStandsAgainst(lot, lots, extensionNumbers()) : undefined;
        if (reason !== undefined) return { ok: false, reason };
        await save(lot);
        for (const listener of listeners) listener();
        return { ok: true, lot };
      }),
  };
}

function whatStandsAgainst(
  lot: ParkingLot,
  lots: readonly ParkingLot[],
  extensionNumbers: readonly string[],
): Extract<LotUpdate, { ok: false }>["reason"] | undefined {
  const { id, firstSlot, lastSlot } = lot;
  if (lastSlot < firstSlot || lastSlot - firstSlot >= maximumSlots) return "wrong_range";
  const others = lots.filter((other) => other.id !== id);
  if (others.some((other) => firstSlot <= other.lastSlot && lastSlot >= other.firstSlot)) return "overlaps_lot";
  return extensionNumbers.some((number) => lotOf([lot], number) !== undefined) ? "overlaps_extension" : undefined;
}
