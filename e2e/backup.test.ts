import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectCti, login } from "./src/cti.ts";
import { registerSipp } from "./src/sipp.ts";
import { freePort } from "./src/free-port.ts";
import { startServer } from "./src/server-process.ts";
import { adminEmail, startWorld, type World } from "./src/world.ts";

let world: World;
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "pbx-x-backup-"));
  world = await startWorld();
});
afterAll(async () => {
  await world?.stop();
  await rm(dir, { recursive: true, force: true });
});

const program = join(import.meta.dirname, "..", "deploy", "backup", "backup.mjs");
const backUp = (from: string, to: string) => promisify(execFile)(process.execPath, [program, from, to]);

/** A value of a database's `meta` table. */
function metaOf(path: string, key: string): string | undefined {
  const database = new DatabaseSync(path, { timeout: 5000 });
  const value = database.prepare("select value from meta where key = ?").get(key)?.["value"];
  database.close();
  return value === undefined ? undefined : String(value);
}

const epochOf = (dataDir: string): string | undefined => metaOf(join(dataDir, "events.sqlite"), "epoch");

/** Where the call records were when the directory was copied. */
function ledgerOf(dataDir: string): { readonly epoch: string } | undefined {
  const value = metaOf(join(dataDir, "pbx-x.sqlite"), "call-ledger");
  return value === undefined ? undefined : (JSON.parse(value) as { epoch: string });
}

/**
 * A server from a copy has the configuration, the passwords, the phones' passwords and the log.
 * @returns its epoch
 */
async function expectRestored(copy: string, seqAtLeast: number): Promise<string> {
  const again = await startServer({ dataDir: copy, env: { NODE_COMPILE_CACHE: "" } });
  try {
    const token = await login(again.url, adminEmail, world.server.password(adminEmail));
    const ask = async (path: string): Promise<unknown> =>
      (await fetch(`${again.url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } })).json();
    expect(await ask("/extensions?search=200")).toMatchObject({ data: [{ number: "200", department: "Backup" }] });
    const { epoch } = (await ask("/snapshot?channels=extensions")) as { epoch: string };
    const { events } = (await ask(`/events?after=0&epoch=${epoch}&limit=100`)) as { events: { seq: number }[] };
    expect(events.at(-1)?.seq).toBeGreaterThanOrEqual(seqAtLeast);
    const cti = await connectCti(again.url, token);
    await cti.send("subscribe", { channels: ["extensions"] });
    const user = world.user("201");
    await registerSipp({ user, pbx: `127.0.0.1:${again.ready.sip.udp}`, localPort: await freePort() });
    const { data } = await cti.waitFor("EXTENSION_REGISTERED", (event) => event.data["number"] === "201");
    expect(data["number"]).toBe("201");
    cti.cut();
    return epoch;
  } finally {
    await again.stop();
  }
}

describe("backup and restore", () => {
  it("[W25] of a system that runs: the copy starts and has everything; the system goes on", async () => {
    await world.patchExtension("200", { department: "Backup" });
    const { seq = 0 } = await world.cti.waitFor("EXTENSION_STATUS_CHANGED", ({ data }) => data["number"] === "200");
    // It is noted every few seconds while something happens.
    await expect.poll(() => ledgerOf(world.server.dataDir), { timeout: 30_000 }).toBeDefined();
    const copy = join(dir, "running");
    const { stdout } = await backUp(world.server.dataDir, copy);
    expect(stdout).toContain("2 databases");
    expect((await stat(copy)).mode & 0o077).toBe(0);
    expect((await readdir(copy)).filter((name) => /-wal|-shm|\.part/.test(name))).toEqual([]);
    // The numbers that the running system goes on with will mean other events there.
    expect(epochOf(copy)).not.toBe(epochOf(world.server.dataDir));
    expect(ledgerOf(copy)?.epoch).toBe(epochOf(copy));
    expect(await expectRestored(copy, seq)).toBe(epochOf(copy));
    // The compiled code that this start has left for the next one is in no backup.
    expect(await readdir(copy)).toContain("cache");
    await backUp(copy, join(dir, "of-the-copy"));
    expect(await readdir(join(dir, "of-the-copy"))).not.toContain("cache");
    // A second one to the same place is refused and changes nothing.
    await expect(backUp(world.server.dataDir, copy)).rejects.toMatchObject({ code: 1 });
    await expect(backUp(dir, join(dir, "nothing"))).rejects.toMatchObject({
      stderr: expect.stringContaining("no data directory") as string,
    });
    await (await world.startPhone("200")).stop();
  });

  it("of a system that is stopped: a plain copy", async () => {
    const { seq = 0 } = world.cti.events.findLast((event) => event.seq !== undefined) ?? {};
    await world.server.kill();
    const copy = join(dir, "stopped");
    await cp(world.server.dataDir, copy, { recursive: true });
    await expectRestored(copy, Math.min(seq, 5));
  });
});
