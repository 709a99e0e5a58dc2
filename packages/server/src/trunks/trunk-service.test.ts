import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brandId, type TelephonyEvent, type TrunkId } from "@pbx-x/telephony";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { NewEvent } from "../event-log/event-log.ts";
import { type Database, openDatabase } from "../storage/open-database.ts";
import { demoTrunk } from "./default-trunk.ts";
import type { Trunk } from "./trunk.ts";
import { trunkConfigurations } from "./trunk-configuration.ts";
import { createTrunkService, type TrunkService } from "./trunk-service.ts";

const admin = { via: "admin", userId: "administrator" } as const;
let dir: string;
let db: Database;
let published: NewEvent[];
let nowMs: number;
let trunks: TrunkService;

const open = (): Promise<TrunkService> =>
  createTrunkService({ db, now: () => nowMs, publish: (events) => void published.push(...events) });
const carrier: Trunk = { ...demoTrunk("t1"), name: "Carrier", isEnabled: true };
const found = (changes: Partial<Extract<TelephonyEvent, { type: "trunkStatusChanged" }>>): TelephonyEvent => ({
  type: "trunkStatusChanged",
  trunkId: brandId<TrunkId>("t1"),
  status: "active",
  reason: "recovered",
  detail: "registered",
  ...changes,
});

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "pbx-x-trunks-"));
  db = await openDatabase(join(dir, "trunks.sqlite"));
  published = [];
  nowMs = 1_000_000;
  trunks = await open();
});
afterEach(async () => {
  await db.destroy();
  await rm(dir, { recursive: true });
});

describe("trunks", () => {
  it("are there again after a restart, with their passwords, and nothing known of them", async () => {
    await trunks.create(carrier, "secret");
    trunks.onTelephony(found({}));
    const again = await open();
    expect(again.byId("t1")).toEqual(carrier);
    expect(again.passwordOf("t1")).toBe("secret");
    expect(again.statusOf("t1")).toEqual({ status: "inactive", sinceMs: nowMs });
    expect(again.isDown("t1")).toBe(false);
  });

  it("[V4] tell each change of status or reason once, with the old status and the far side's words", async () => {
    await trunks.create(carrier, "secret");
    nowMs += 5000;
    trunks.onTelephony(found({}));
    trunks.onTelephony(found({}));
    const refused = {
      status: "inactive",
      reason: "auth_failed",
      detail: "user name or password refused (403)",
    } as const;
    trunks.onTelephony(found(refused));
    trunks.onTelephony(found({ trunkId: brandId<TrunkId>("unknown") }));
    expect(published.map(({ type, data }) => ({ type, ...data }))).toEqual([
      {
        type: "TRUNK_STATUS_CHANGED",
        trunkId: "t1",
        trunkName: "Carrier",
        oldStatus: "inactive",
        newStatus: "active",
        reason: "recovered",
        causedBy: { via: "system" },
      },
      {
        type: "TRUNK_STATUS_CHANGED",
        trunkId: "t1",
        trunkName: "Carrier",
        oldStatus: "active",
        newStatus: "inactive",
        reason: "auth_failed",
        errorMessage: "user name or password refused (403)",
        causedBy: { via: "system" },
      },
    ]);
    expect(trunks.statusOf("t1")).toMatchObject({ status: "inactive", reason: "auth_failed", sinceMs: nowMs });
    expect(trunks.isDown("t1")).toBe(true);
  });

  it("[V4] switched off is told with who did it, and what the engine says of it then is old", async () => {
    await trunks.create(carrier, "secret");
    trunks.onTelephony(found({}));
    published.length = 0;
    await trunks.update("t1", { isEnabled: false }, admin);
    trunks.onTelephony(found({ status: "inactive", reason: "disabled" }));
    trunks.onTelephony(found({}));
    expect(
      published.map(({ data }) => [data["oldStatus"], data["newStatus"], data["reason"], data["causedBy"]]),
    ).toEqual([["active", "inactive", "disabled", admin]]);
    expect(trunks.isDown("t1")).toBe(true);
  });

  it("keep their password unless another is given, or none", async () => {
    await trunks.create(carrier, "secret");
    await trunks.update("t1", { maxConcurrentCalls: undefined }, admin);
    expect([trunks.passwordOf("t1"), trunks.byId("t1")?.maxConcurrentCalls]).toEqual(["secret", undefined]);
    await trunks.update("t1", {}, admin, "other");
    expect(trunks.passwordOf("t1")).toBe("other");
    await trunks.update("t1", {}, admin, "");
    expect((await open()).passwordOf("t1")).toBeUndefined();
  });

  it("have names of their own, and tell listeners what changed", async () => {
    const changes: unknown[] = [];
    trunks.onChanged((change) => void changes.push(change));
    await trunks.create(carrier, "secret");
    expect(await trunks.create({ ...carrier, id: "t2" })).toEqual({ ok: false, error: "name_taken" });
    expect(await trunks.update("t9", {}, admin)).toEqual({ ok: false, error: "unknown_trunk" });
    await trunks.create({ ...carrier, id: "t2", name: "Another" });
    expect(await trunks.update("t2", { name: "Carrier" }, admin)).toEqual({ ok: false, error: "name_taken" });
    expect(trunks.all().map(({ name }) => name)).toEqual(["Another", "Carrier"]);
    expect(await trunks.remove("t2", admin)).toBe(true);
    expect(await trunks.remove("t2", admin)).toBe(false);
    expect(changes).toHaveLength(3);
    expect(changes.at(-1)).toEqual({ before: { ...carrier, id: "t2", name: "Another" } });
  });

  it("are told to the engine with everything that it needs", async () => {
    await trunks.create({ ...carrier, outboundProxy: "[2001:db8::1]:5080", port: 5070 }, "secret");
    expect(trunkConfigurations(trunks)).toEqual([
      {
        trunkId: "t1",
        name: "Carrier",
        isEnabled: true,
        trunkType: "register",
        host: "sip.carrier.example",
        port: 5070,
        transport: "udp",
        username: "+49301234500",
        password: "secret",
        allowedIps: [],
        outboundProxy: { host: "2001:db8::1", port: 5080 },
        codecPreferences: [],
        registrationExpirySeconds: 300,
        isQualified: true,
        isTlsVerified: true,
      },
    ]);
  });
});
