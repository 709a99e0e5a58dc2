import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { freePort } from "./src/free-port.ts";
import { startServer } from "./src/server-process.ts";
import { playSipp, registerSipp, type SippProcess } from "./src/sipp.ts";
import { scenario, type Step } from "./src/sipp-scenario.ts";
import { watcher } from "./src/sipp-watcher.ts";
import { startWorld, type World } from "./src/world.ts";

let world: World;
let anna: Baresip;
let lisa: Baresip;
beforeAll(async () => {
  world = await startWorld();
  anna = await world.startPhone("200");
  lisa = await world.startPhone("201");
});
afterAll(() => world?.stop());

/** A phone of extension 100 that watches a number. */
async function watch(name: string, dials: string, ...steps: readonly (readonly Step[])[]): Promise<SippProcess> {
  return playSipp({ scenario: scenario(name, ...steps), user: world.user("100"), pbx: world.pbx.udp, dials });
}

/** Longer than the pause between two NOTIFYs, so that each state is told by one of its own ([L4]). */
const settle = (): Promise<void> => delay(1000);

const next = (type: string, seen: number) =>
  world.cti.waitFor(type, (event) => world.cti.events.indexOf(event) >= seen);

describe("lamps of real phones", () => {
  it("[L1] [L2] [L3] [L8] follow a call: idle, trying, ringing, busy, held, idle; versions rise by one", async () => {
    const recipient = { document: "full", direction: "recipient", remote: "200" } as const;
    const lamp = await watch(
      "the lamp of 201",
      "201",
      watcher.subscribe("dialog", 600),
      watcher.expectNotify({ version: 0, document: "full", dialog: "terminated", subscription: "active" }),
      watcher.expectNotify({ ...recipient, version: 1, dialog: "trying" }),
      watcher.expectNotify({ ...recipient, version: 2, dialog: "early" }),
      watcher.expectNotify({ ...recipient, version: 3, dialog: "confirmed" }),
      watcher.expectNotify({ ...recipient, version: 4, dialog: "confirmed", isHeld: true }),
      watcher.expectNotify({ ...recipient, version: 5, dialog: "confirmed" }),
      watcher.expectNotify({ version: 6, document: "full", dialog: "terminated", subscription: "active" }),
      watcher.refresh("dialog", 0),
      watcher.expectNotify({ version: 7, document: "full", subscription: "terminated" }),
    );
    const caller = await watch(
      "the lamp of 200",
      "200",
      watcher.subscribe("dialog", 600),
      watcher.expectNotify({ version: 0, document: "full", dialog: "terminated" }),
      watcher.expectNotify({ version: 1, dialog: "confirmed", direction: "initiator", remote: "201" }),
      watcher.expectNotify({ version: 2, dialog: "terminated" }),
      watcher.refresh("dialog", 600),
      watcher.expectNotify({ version: 3, document: "full", dialog: "terminated", subscription: "active" }),
      watcher.refresh("dialog", 10, { status: 423, cseq: 4 }),
      watcher.refresh("dialog", 0, { cseq: 5 }),
      watcher.expectNotify({ version: 4, subscription: "terminated" }),
    );
    await expect.poll(() => world.inUse("subscriptions"), { timeout: 10_000 }).toBe(2);
    await settle();
    const seen = world.cti.events.length;
    await anna.command("dial", "201");
    await next("CALL_RINGING", seen);
    await settle();
    await lisa.command("accept");
    await next("CALL_ANSWERED", seen);
    await settle();
    await lisa.command("hold");
    await next("CALL_HELD", seen);
    await settle();
    await lisa.command("resume");
    await next("CALL_UNHELD", seen);
    await settle();
    await anna.command("hangup");
    await next("CALL_ENDED", seen);
    await Promise.all([lamp.done, caller.done]);
    expect(await world.inUse("subscriptions")).toBe(0);
  });

  it("[L10] of a parking slot: lit while a call waits there", async () => {
    const tom = await world.startPhone("202");
    const lamp = await watch(
      "the lamp of slot 701",
      "701",
      watcher.subscribe("dialog", 600),
      watcher.expectNotify({ version: 0, dialog: "terminated" }),
      watcher.expectNotify({ version: 1, document: "full", dialog: "confirmed", remote: "200" }),
      watcher.expectNotify({ version: 2, dialog: "terminated" }),
      watcher.refresh("dialog", 0),
      watcher.expectNotify({ version: 3, subscription: "terminated" }),
    );
    await expect.poll(() => world.inUse("subscriptions"), { timeout: 10_000 }).toBe(1);
    await settle();
    const seen = world.cti.events.length;
    await anna.command("dial", "201");
    const { callId } = (await next("CALL_RINGING", seen)).data;
    await lisa.command("accept");
    await next("CALL_ANSWERED", seen);
    const parked = await world.cti.send("park", { callId, extensionId: await world.extensionId("201") });
    expect(parked).toMatchObject({ success: true, data: { parkingSlot: "701" } });
    await settle();
    await tom.command("dial", "701");
    await next("CALL_UNPARKED", seen);
    await lamp.done;
    await anna.command("hangup");
    await next("CALL_ENDED", seen);
  });

  it("[L1] refuse what cannot be watched", async () => {
    const refused = [
      await watch("an unknown package", "201", watcher.subscribe("refer", 600, 489)),
      await watch("an unknown number", "299", watcher.subscribe("dialog", 600, 404)),
      await watch("too short a time", "201", watcher.subscribe("dialog", 5, 423)),
    ];
    await Promise.all(refused.map(({ done }) => done));
  });

  it("[L7] are told over the watcher's own connection", async () => {
    const lamp = await playSipp({
      scenario: scenario(
        "the lamp of 201 by TCP",
        watcher.subscribe("dialog", 600),
        watcher.expectNotify({ version: 0, dialog: "terminated" }),
        watcher.expectNotify({ version: 1, dialog: "trying" }),
      ),
      user: world.user("100"),
      pbx: world.pbx.tcp,
      dials: "201",
      transport: "tcp",
    });
    await expect.poll(() => world.inUse("subscriptions"), { timeout: 10_000 }).toBe(1);
    await settle();
    const seen = world.cti.events.length;
    await anna.command("dial", "201");
    await next("CALL_RINGING", seen);
    await lamp.done;
    await anna.command("hangup");
    await next("CALL_ENDED", seen);
    // Dropped with its connection, not only when nobody answers.
    await expect.poll(() => world.inUse("subscriptions"), { timeout: 10_000 }).toBe(0);
  });

  it("[L5] [L6] a flood of subscriptions is bounded, calls go on, and dead watchers are forgotten", async () => {
    const localPort = await freePort();
    // A registered phone: strangers would be slowed down before.
    await registerSipp({ user: world.user("100"), pbx: world.pbx.udp, localPort });
    const flood = await playSipp({
      scenario: scenario("one of many watchers", watcher.subscribeIfThereIsRoom("dialog", 3600)),
      user: world.user("100"),
      pbx: world.pbx.udp,
      dials: "201",
      localPort,
      count: 700,
      callsPerSecond: 100,
      timeoutSeconds: 90,
    });
    await flood.done;
    expect(await world.inUse("subscriptions")).toBe(500);
    const seen = world.cti.events.length;
    await anna.command("dial", "201");
    await next("CALL_RINGING", seen);
    await lisa.command("accept");
    await next("CALL_ANSWERED", seen);
    await anna.command("hangup");
    await next("CALL_ENDED", seen);
    // Nobody answers their NOTIFYs any more.
    await expect.poll(() => world.inUse("subscriptions"), { timeout: 60_000 }).toBe(0);
  });

  it("[L2] after a restart a watcher's refresh gets 481; it subscribes anew and is told everything", async () => {
    const localPort = await freePort();
    await registerSipp({ user: world.user("100"), pbx: world.pbx.udp, localPort });
    const again = { user: world.user("100"), pbx: world.pbx.udp, dials: "201", localPort };
    const before = await playSipp({
      ...again,
      timeoutSeconds: 80,
      scenario: scenario(
        "a watcher before and after a restart",
        watcher.subscribe("dialog", 600),
        watcher.expectNotify({ version: 0, dialog: "terminated" }),
        watcher.pause(12_000),
        watcher.refresh("dialog", 600, { status: 481 }),
      ),
    });
    await expect.poll(() => world.inUse("subscriptions"), { timeout: 10_000 }).toBe(1);
    await world.server.kill();
    const restarted = await startServer({ dataDir: world.server.dataDir, ports: world.server.ready });
    try {
      await before.done;
      const after = await playSipp({
        ...again,
        scenario: scenario(
          "the watcher anew",
          watcher.subscribe("dialog", 600),
          watcher.expectNotify({ version: 0, document: "full", dialog: "terminated", subscription: "active" }),
        ),
      });
      await after.done;
    } finally {
      await restarted.stop();
    }
  });
});
