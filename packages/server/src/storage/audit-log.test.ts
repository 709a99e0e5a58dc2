import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AuditLog, createAuditLog } from "./audit-log.ts";
import { type Database, openDatabase } from "./open-database.ts";

let dir = "";
let db: Database;
let counter = 0;
const errors: unknown[] = [];
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "pbx-x-audit-"));
  db = await openDatabase(join(dir, "pbx-x.sqlite"));
});
afterAll(async () => {
  await db?.destroy();
  await rm(dir, { recursive: true });
});

function open(limits: { maxEntries?: number; sweepEvery?: number } = {}): AuditLog {
  const newId = (): string => {
    counter += 1;
    return String(counter).padStart(6, "0");
  };
  return createAuditLog(db, { now: () => counter, newId, onError: (error) => errors.push(error), ...limits });
}

describe("audit log", () => {
  it("[R7] keeps who did what to whom, the newest first, and finds by action and subject", async () => {
    const audit = open();
    audit.write("admin", "user.create", "anna", { role: "agent" });
    audit.write(undefined, "extension.delete", "200");
    const { entries, total } = await audit.list({ page: 1, limit: 10 });
    expect(total).toBe(2);
    expect(entries).toMatchObject([
      { userId: null, action: "extension.delete", subject: "200", details: {} },
      { userId: "admin", action: "user.create", subject: "anna", details: { role: "agent" } },
    ]);
    expect((await audit.list({ page: 1, limit: 10, search: "ann" })).entries).toHaveLength(1);
    expect((await audit.list({ page: 2, limit: 1 })).entries).toMatchObject([{ subject: "anna" }]);
    expect((await audit.list({ page: 1, limit: 10, search: "%" })).total).toBe(0);
  });

  it("[R7] is bounded: the oldest entries go, also those of the last run", async () => {
    const audit = open({ maxEntries: 5, sweepEvery: 10 });
    for (let index = 0; index < 11; index += 1) audit.write("admin", "user.update", `u${index}`);
    // Each of these reads waits behind the writes and the sweep that were asked for before it.
    await audit.list({ page: 1, limit: 100 });
    const { entries } = await audit.list({ page: 1, limit: 100 });
    expect(entries.map(({ subject }) => subject)).toEqual(["u10", "u9", "u8", "u7", "u6"]);
  });

  it("[R7] a write that fails is told, and the next goes on", async () => {
    const audit = open();
    const taken = createAuditLog(db, { now: () => 0, newId: () => "000001", onError: (error) => errors.push(error) });
    await db
      .insertInto("audit_log")
      .values({ id: "000001", at: 0, user_id: null, action: "a", subject: "s", details_json: "{}" })
      .execute();
    taken.write("admin", "user.create", "x");
    audit.write("admin", "user.create", "after");
    const { entries } = await audit.list({ page: 1, limit: 1 });
    expect(entries).toMatchObject([{ subject: "after" }]);
    expect(errors).toHaveLength(1);
  });
});
