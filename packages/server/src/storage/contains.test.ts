import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createCallRecords } from "./call-record-store.ts";
import { type Database, openDatabase } from "./open-database.ts";

let dir = "";
let db: Database;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "pbx-x-contains-"));
  db = await openDatabase(join(dir, "pbx-x.sqlite"));
});
afterAll(async () => {
  await db?.destroy();
  await rm(dir, { recursive: true });
});

it("[R6] a search takes every character as it is", async () => {
  const numbers = ["sales_desk", "salesXdesk", "100%", "1000", "who!", "back\\slash"];
  await db
    .insertInto("cdr")
    .values(
      numbers.map((number, at) => ({
        call_id: `c${at}`,
        direction: "internal",
        caller_number: "200",
        callee_number: number,
        started_at: at,
        ended_at: at,
        hangup_cause: "normal",
        record_json: JSON.stringify({ callId: number }),
      })),
    )
    .execute();
  const records = createCallRecords(db, () => Promise.resolve());
  const found = async (search: string): Promise<readonly string[]> =>
    (await records.list({ search, page: 1, limit: 10 })).records.map(({ callId }) => callId);
  expect(await found("s_d")).toEqual(["sales_desk"]);
  expect(await found("SALES")).toEqual(["salesXdesk", "sales_desk"]);
  expect(await found("0%")).toEqual(["100%"]);
  expect(await found("o!")).toEqual(["who!"]);
  expect(await found("k\\s")).toEqual(["back\\slash"]);
  expect(await found("_%")).toEqual([]);
});
