import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createExtensionService } from "../extensions/extension-service.ts";
import { type Database, openDatabase } from "../storage/open-database.ts";
import { createTrunkService } from "../trunks/trunk-service.ts";
import { seed } from "./seed.ts";
import { createUserStore } from "./user-store.ts";

let dir: string;
let db: Database;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "pbx-x-seed-"));
  db = await openDatabase(join(dir, "pbx-x.sqlite"));
});
afterEach(async () => {
  await db.destroy();
  await rm(dir, { recursive: true });
});

it("[R12] a first start that was broken off is completed by the next one, which is the last that fills anything", async () => {
  const now = (): number => 1_700_000_000_000;
  const published = { publish: () => 0 };
  const users = createUserStore(db, now);
  const extensions = await createExtensionService({ db, realm: "pbx-x", now, ...published });
  const trunks = await createTrunkService({ db, now, ...published });
  const start = (isBrokenOff: boolean) =>
    seed({
      kind: "demo",
      dataDir: dir,
      admin: { email: "admin@pbx-x.example" },
      users: {
        ...users,
        insert: async (user, hash) => {
          if (isBrokenOff && user.email.startsWith("tom")) throw new Error("killed");
          await users.insert(user, hash);
        },
      },
      extensions,
      trunks,
      newId: () => crypto.randomUUID(),
    });
  await expect(start(true)).rejects.toThrow("killed");
  const text = (await start(false)) ?? "";
  expect(text).toMatch(/^admin@pbx-x\.example {2}\S{16}$/m);
  expect(text).toMatch(/^202 {2}\S+$/m);
  expect(await readFile(join(dir, "first-start.txt"), "utf8")).toBe(text);
  const all = await users.all();
  expect(all.map(({ role }) => role).toSorted()).toEqual(["admin", "agent", "agent", "supervisor", "user"]);
  expect([...extensions.all()].map(({ number }) => number).toSorted()).toEqual(["100", "200", "201", "202"]);
  expect(await start(false)).toBeUndefined();
});
