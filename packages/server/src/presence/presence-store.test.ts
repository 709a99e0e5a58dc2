import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createManualScheduler } from "@pbx-x/telephony/fake";
import { expect, it } from "vitest";
import { openDatabase } from "../storage/open-database.ts";
import { createPresenceStore } from "./presence-store.ts";

it("[P2] [P3] keeps settings and what was told over a restart, and forgets what is taken away", async () => {
  const dir = await mkdtemp(join(tmpdir(), "pbx-x-presence-"));
  const onError = (error: unknown): void => {
    throw error;
  };
  const open = async () => {
    const db = await openDatabase(join(dir, "pbx-x.sqlite"));
    return { db, store: createPresenceStore({ db, scheduler: createManualScheduler(), onError }) };
  };
  const first = await open();
  await first.store.set("anna", { status: "away" });
  await first.store.set("anna", { status: "busy", statusMessage: "In a meeting" });
  await first.store.set("lisa", { status: "dnd" });
  await first.store.set("lisa", undefined);
  first.store.tell("e200", { presenceStatus: "busy", isManual: true });
  first.store.tell("e201", { presenceStatus: "available", isManual: false });
  await first.store.flush();
  first.store.tell("e200", { presenceStatus: "busy", statusMessage: "In a meeting", isManual: true });
  first.store.tell("e201", undefined);
  await first.store.flush();
  await first.db.destroy();

  const second = await open();
  expect([...(await second.store.settings())]).toEqual([["anna", { status: "busy", statusMessage: "In a meeting" }]]);
  expect([...(await second.store.told())]).toEqual([
    ["e200", { presenceStatus: "busy", statusMessage: "In a meeting", isManual: true }],
  ]);
  await second.db.destroy();
  await rm(dir, { recursive: true });
});
