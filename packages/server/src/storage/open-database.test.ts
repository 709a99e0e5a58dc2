import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openDatabase } from "./open-database.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "pbx-x-database-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

it("an update that fails leaves nothing half done: the next start does it whole", async () => {
  const path = join(dir, "pbx-x.sqlite");
  const inTheWay = new DatabaseSync(path);
  inTheWay.exec("create table extensions (id text)");
  await expect(openDatabase(path)).rejects.toThrow("cannot be brought up to date");
  inTheWay.exec("drop table extensions");
  inTheWay.close();
  const db = await openDatabase(path);
  expect(await db.selectFrom("extensions").select("number").execute()).toEqual([]);
  await db.destroy();
});
