import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createManualScheduler } from "@pbx-x/telephony/fake";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { CallRecord } from "../calls/call-ledger.ts";
import { createLedgerStore } from "./ledger-store.ts";
import { type Database, openDatabase } from "./open-database.ts";
import { createRecordBuffer } from "./record-stores.ts";

let dir: string;
let db: Database;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "pbx-x-ledger-"));
  db = await openDatabase(join(dir, "pbx-x.sqlite"));
});
afterAll(async () => {
  await db?.destroy();
  await rm(dir, { recursive: true, force: true });
});

const record: CallRecord = {
  callId: "call",
  threadId: "call",
  version: 3,
  direction: "internal",
  caller: { number: "200", name: "Anna" },
  callee: { number: "201", name: "Lisa" },
  createdAtMs: 1000,
  extensions: [],
  userIds: [],
  endedAtMs: 3000,
  durationSeconds: 1,
  hangupCause: "normal",
  hangupBy: "caller",
};

it("[C4] the checkpoint is never saved past call records that the database did not take", async () => {
  const errors: unknown[] = [];
  const buffer = createRecordBuffer({ db, scheduler: createManualScheduler(), onError: (error) => errors.push(error) });
  const store = createLedgerStore(db, buffer);
  const checkpoint = { seq: 7, epoch: "epoch", open: [] };
  await db.schema.alterTable("cdr").renameTo("away").execute();
  store.record(record);
  await expect(store.save(checkpoint)).rejects.toThrow("the checkpoint waits for them");
  expect(errors).toHaveLength(1);
  expect(await store.load()).toBeUndefined();
  await db.schema.alterTable("away").renameTo("cdr").execute();
  await store.save(checkpoint);
  expect(await store.load()).toEqual(checkpoint);
  expect(await db.selectFrom("cdr").select("call_id").execute()).toEqual([{ call_id: "call" }]);
});
