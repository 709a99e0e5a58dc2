import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDatabase } from "../storage/open-database.ts";
import { createParkingLots } from "./parking-lots.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "pbx-x-lots-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const open = async (name: string) => {
  const db = await openDatabase(join(dir, name));
  let counter = 0;
  const newId = () => `lot-${(counter += 1)}`;
  const lots = await createParkingLots({ db, newId, now: () => 1, extensionNumbers: () => ["200", "735"] });
  return { db, lots };
};

describe("the parking lots", () => {
  it("[R7] [R12] there is one at the first start; a change is in force at once and outlives a restart", async () => {
    const first = await open("restart.sqlite");
    expect(first.lots.all()).toEqual([
      { id: "lot-1", name: "Main", firstSlot: 701, lastSlot: 720, timeoutSeconds: 300 },
    ]);
    expect(await first.lots.update("lot-1", { lastSlot: 705, timeoutSeconds: 90 })).toMatchObject({ ok: true });
    expect([first.lots.isSlot("705"), first.lots.isSlot("706")]).toEqual([true, false]);
    await first.db.destroy();
    const second = await open("restart.sqlite");
    expect(second.lots.all()).toMatchObject([{ id: "lot-1", lastSlot: 705, timeoutSeconds: 90 }]);
    await second.db.destroy();
  });

  it("[R7] a range that is none, is too long, or has an extension's number is refused", async () => {
    const { db, lots } = await open("ranges.sqlite");
    const reason = async (changes: object, id = "lot-1") =>
      ((await lots.update(id, changes)) as { reason?: string }).reason;
    expect(await reason({}, "nobody")).toBe("no_such_lot");
    expect(await reason({ firstSlot: 721 })).toBe("wrong_range");
    expect(await reason({ firstSlot: 8000, lastSlot: 9000 })).toBe("wrong_range");
    expect(await reason({ lastSlot: 740 })).toBe("overlaps_extension");
    expect(await reason({ name: "Reception" })).toBeUndefined();
    expect(lots.all()).toMatchObject([{ name: "Reception", firstSlot: 701, lastSlot: 720 }]);
    await db.destroy();
  });
});
