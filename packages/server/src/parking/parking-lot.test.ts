import { describe, expect, it } from "vitest";
import { chooseSlot, defaultLot, lotOf, type ParkingLot } from "./parking-lot.ts";

const lot: ParkingLot = { id: "main", ...defaultLot };
const warehouse: ParkingLot = { id: "warehouse", name: "Warehouse", firstSlot: 750, lastSlot: 751, timeoutSeconds: 60 };
const use = (taken: readonly string[] = [], shadowed: readonly string[] = []) => ({
  isTaken: (slot: string) => taken.includes(slot),
  isShadowed: (slot: string) => shadowed.includes(slot),
});

describe("the slots of a parking lot", () => {
  it("[C40] are 701 to 720 by default", () => {
    expect(["700", "701", "720", "721"].map((number) => lotOf([lot], number) !== undefined)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it.each(["", "0701", "701a", "7.01e2", "-701", " 701", "99999999999999999999"])(
    "[C40] %j is no slot, whatever number it may look like",
    (number) => expect(lotOf([lot], number)).toBeUndefined(),
  );

  it("[C40] the lowest free one is chosen; one that an extension has is left out", () => {
    expect(chooseSlot([lot], use())).toMatchObject({ ok: true, slot: "701" });
    expect(chooseSlot([lot], use(["701", "703"]))).toMatchObject({ slot: "702" });
    expect(chooseSlot([lot], use(["701"], ["702"]))).toMatchObject({ slot: "703" });
  });

  it("[C40] the next lot serves when one is full; each has its own time", () => {
    const full = Array.from({ length: 20 }, (_, index) => String(701 + index));
    expect(chooseSlot([lot, warehouse], use(full))).toMatchObject({ slot: "750", lot: { timeoutSeconds: 60 } });
    expect(chooseSlot([lot], use(full))).toEqual({ ok: false, reason: "all_slots_taken" });
    expect(chooseSlot([], use())).toEqual({ ok: false, reason: "all_slots_taken" });
  });

  it.each([
    ["705", { ok: true, slot: "705" }],
    ["701", { ok: false, reason: "slot_taken" }],
    ["702", { ok: false, reason: "no_such_slot" }],
    ["799", { ok: false, reason: "no_such_slot" }],
  ])("[C40] the wanted slot %s: %j, never another one", (wanted, expected) => {
    expect(chooseSlot([lot], use(["701"], ["702"]), wanted)).toMatchObject(expected);
  });
});
