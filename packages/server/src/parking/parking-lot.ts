/** A range of slots; calls wait in them for somebody to take them ([C40]). */
export interface ParkingLot {
  readonly id: string;
  readonly name: string;
  /** Lowest and highest slot, both included. */
  readonly firstSlot: number;
  readonly lastSlot: number;
  /** How long a call waits before it goes back to who parked it ([C41]). */
  readonly timeoutSeconds: number;
}

/** Most slots of one lot. */
export const maximumSlots = 1000;

export const defaultLot: Omit<ParkingLot, "id"> = { name: "Main", firstSlot: 701, lastSlot: 720, timeoutSeconds: 300 };

/** What has to be known of a slot's number. */
export interface SlotUse {
  /** A call waits there. */
  readonly isTaken: (slot: string) => boolean;
  /** Something else has this number, an extension: nobody could dial the slot. */
  readonly isShadowed: (slot: string) => boolean;
}

export type SlotChoice =
  | { readonly ok: true; readonly slot: string; readonly lot: ParkingLot }
  | { readonly ok: false; readonly reason: "no_such_slot" | "slot_taken" | "all_slots_taken" };

/** The wanted slot, or the lowest free one of the lots in their order ([C40]). A taken slot is refused, never moved. */
export function chooseSlot(lots: readonly ParkingLot[], use: SlotUse, wanted?: string): SlotChoice {
  if (wanted !== undefined) {
    const lot = lotOf(lots, wanted);
    if (lot === undefined || use.isShadowed(wanted)) return { ok: false, reason: "no_such_slot" };
    return use.isTaken(wanted) ? { ok: false, reason: "slot_taken" } : { ok: true, slot: wanted, lot };
  }
  for (const lot of lots) {
    for (let number = lot.firstSlot; number <= lot.lastSlot; number += 1) {
      const slot = String(number);
      if (!use.isTaken(slot) && !use.isShadowed(slot)) return { ok: true, slot, lot };
    }
  }
  return { ok: false, reason: "all_slots_taken" };
}

/** The lot that a number is a slot of. */
export function lotOf(lots: readonly ParkingLot[], number: string): ParkingLot | undefined {
  if (!/^[1-9]\d{0,9}$/.test(number)) return undefined;
  const slot = Number(number);
  return lots.find(({ firstSlot, lastSlot }) => slot >= firstSlot && slot <= lastSlot);
}
