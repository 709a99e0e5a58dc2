import { appendFile, mkdtemp, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WireEvent } from "./src/cti.ts";
import { freePort } from "./src/free-port.ts";
import { playSipp, registerSipp } from "./src/sipp.ts";
import { scenario, uac } from "./src/sipp-scenario.ts";
import { mayMount, mountSmallDisk, unmountDisk } from "./src/small-disk.ts";
import { startWorld, type World } from "./src/world.ts";

/** So that what is told of one kind does not have to wait a minute. */
const quick = {
  PBXX_ALERT_INTERVAL_SECONDS: "1",
  PBXX_ALERT_CHECK_SECONDS: "1",
  PBXX_ALERT_REGISTRATIONS_PER_SECOND: "1",
};

const alertOf = (world: World, category: string, severity: string): Promise<WireEvent> =>
  world.cti.waitFor(
    "SYSTEM_ALERT",
    ({ data }) => data["category"] === category && data["severity"] === severity,
    40_000,
  );
const active = async (world: World): Promise<readonly object[]> =>
  ((await world.get("/alerts")) as { data: readonly object[] }).data;

describe("alerts of real causes", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ env: quick });
  });
  afterAll(() => world?.stop());

  it("[V3] [U1] [U2] [U4] a database that is locked by another program: error, and word when it works again", async () => {
    const other = new DatabaseSync(join(world.server.dataDir, "pbx-x.sqlite"));
    other.exec("begin immediate");
    const raised = await alertOf(world, "database", "error");
    expect(raised.data["message"]).toBe("The database cannot be written: database is locked");
    expect(raised.data["metrics"]).toMatchObject({ failures: expect.any(Number) });
    const { alertId } = raised.data;
    expect(await active(world)).toMatchObject([{ alertId, severity: "error", category: "database" }]);
    other.exec("rollback");
    other.close();
    const over = await alertOf(world, "database", "info");
    expect(over.data).toMatchObject({ alertId, isOver: true });
    expect(await active(world)).toEqual([]);
  });

  it("[V3] [U6] a storm of registrations: a warning, and word when it is over", async () => {
    const storm = scenario("a storm", uac.register(300));
    const sipp = await playSipp({
      scenario: storm,
      user: world.user("200"),
      pbx: world.pbx.udp,
      count: 60,
      callsPerSecond: 5,
    });
    const raised = await alertOf(world, "service", "warning");
    expect(raised.data["message"]).toMatch(/^Phones register in a storm \(\d+(\.\d)? a second\)$/);
    await sipp.done;
    const over = await alertOf(world, "service", "info");
    expect(over.data).toMatchObject({ alertId: raised.data["alertId"], isOver: true });
  });

  it("[V3] [U2] [U5] somebody who guesses passwords: a warning with the address, once, while a phone works on", async () => {
    const anna = await world.startPhone("200");
    const stranger = "127.0.0.77";
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const user = { number: "201", password: `wrong-${attempt}` };
      const localPort = await freePort();
      const guess = { user, pbx: world.pbx.udp, localPort, localAddress: stranger, timeoutSeconds: 5 };
      await expect(registerSipp(guess)).rejects.toThrow("registers");
    }
    const isBlock = (event: WireEvent): boolean => String(event.data["message"]).includes("blocked");
    const { data } = await world.cti.waitFor("SYSTEM_ALERT", isBlock);
    expect(data).toMatchObject({ metrics: { blockedSources: 1, attempts: 5 } });
    expect(data["message"]).toBe(`${stranger} blocked: 5 wrong passwords or unknown users`);
    expect(await active(world)).toMatchObject([{ alertId: data["alertId"], severity: "warning" }]);
    const before = world.cti.events.length;
    await anna.command("dial", "201");
    await world.cti.waitFor("CALL_CREATED", (event) => world.cti.events.indexOf(event) >= before);
    const told = world.cti.events.filter(
      (event) => event.type === "SYSTEM_ALERT" && event.data["alertId"] === data["alertId"],
    );
    expect(told).toHaveLength(1);
  });
});

// Only who may mount can have a real disk that fills; the judgement itself: storage-watch.test.ts of the server.
describe.runIf(await mayMount())("a disk that fills", () => {
  it("[V3] [U1] [U3] warning, critical, and word when there is room again, under one id", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "pbx-x-e2e-"));
    await mountSmallDisk(dataDir, 64 * 1024);
    const world = await startWorld({ dataDir, env: quick });
    const ballast = join(dataDir, "ballast");
    /** Fills until so much is free. */
    const leave = async (percent: number): Promise<void> => {
      const { bsize, blocks, bavail } = await statfs(dataDir);
      // It only grows: room in between would be told as the end.
      await appendFile(ballast, Buffer.alloc(Math.floor((bavail - (blocks * percent) / 100) * bsize)));
    };
    try {
      await leave(3);
      const warning = await alertOf(world, "storage", "warning");
      const { alertId } = warning.data;
      expect(warning.data["message"]).toMatch(/^The disk of the data directory is almost full \([234](\.\d)?% free\)$/);
      await leave(0.5);
      const critical = await alertOf(world, "storage", "critical");
      expect(critical.data).toMatchObject({ alertId, metrics: { freePercent: expect.any(Number) } });
      expect(await active(world)).toMatchObject([{ alertId, severity: "critical", category: "storage" }]);
      await rm(ballast);
      const over = await alertOf(world, "storage", "info");
      expect(over.data).toMatchObject({ alertId, isOver: true });
      expect(await active(world)).toEqual([]);
    } finally {
      await world.stop();
      await unmountDisk(dataDir);
      await rm(dataDir, { recursive: true });
    }
  });
});
