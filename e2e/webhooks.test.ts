import { rm } from "node:fs/promises";
import { afterAll, describe, expect, it } from "vitest";
import type { WireEvent } from "./src/cti.ts";
import { login } from "./src/cti.ts";
import { freePort } from "./src/free-port.ts";
import { type ServerProcess, startServer } from "./src/server-process.ts";
import { playSipp, registerSipp, type SippProcess } from "./src/sipp.ts";
import { scenario, uac, uas } from "./src/sipp-scenario.ts";
import { startWebhookReceiver, type WebhookReceiver } from "./src/webhook-receiver.ts";
import { adminEmail, startWorld, type World } from "./src/world.ts";

const calls = 20;
const env = { PBXX_WEBHOOK_LOOPBACK: "on", PBXX_ALERT_INTERVAL_SECONDS: "1" };
const running: SippProcess[] = [];
const receivers: WebhookReceiver[] = [];
let world: World | undefined;
let again: ServerProcess | undefined;
afterAll(async () => {
  for (const sipp of running) sipp.stop();
  await again?.stop();
  await world?.server.kill();
  for (const receiver of receivers) await receiver.stop();
  if (world !== undefined) await rm(world.server.dataDir, { recursive: true, force: true });
});

const receive = async (at: World, settings: object, tookMs?: number) => {
  const receiver = await startWebhookReceiver(tookMs);
  receivers.push(receiver);
  const made = await at.request("POST", "/webhooks", { name: "Receiver", url: receiver.url, ...settings });
  const webhook = made as { id: string; secret: string; delivery: { epoch: string; seq: number } };
  receiver.trust(webhook.secret);
  return { receiver, ...webhook };
};

describe("webhooks with real phones", () => {
  it("[R41] [R42] kill -9 in the middle of deliveries: every event of all calls arrives, in order, and signed", async () => {
    world = await startWorld({ env });
    const { server, pbx, user } = world;
    for (const number of ["200", "201"]) await world.patchExtension(number, { maxConcurrentCalls: calls });
    const { receiver, delivery } = await receive(world, {}, 15);
    const few = await receive(world, { eventTypes: ["CALL_ENDED"], channels: ["extension:201"] });
    const localPort = await freePort();
    await registerSipp({ user: user("201"), pbx: pbx.udp, localPort });
    running.push(
      await playSipp({
        scenario: scenario("answers and stays", uas.expectInvite(), uas.ring(), uas.answer(), uas.pause(60_000)),
        user: user("201"),
        pbx: pbx.udp,
        localPort,
        count: calls,
      }),
      await playSipp({
        scenario: scenario("calls and stays", uac.invite(), uac.expectAnswer(), uac.pause(60_000)),
        user: user("200"),
        dials: "201",
        pbx: pbx.udp,
        count: calls,
        callsPerSecond: 20,
      }),
    );
    await world.cti.waitFor("CALL_CREATED");
    await expect.poll(() => receiver.received.length, { timeout: 20_000, interval: 5 }).toBeGreaterThan(30);
    await server.kill();
    const beforeKill = receiver.received.length;
    // They would go on dialling.
    for (const sipp of running.splice(0)) sipp.stop();

    again = await startServer({ dataDir: server.dataDir, ports: server.ready, env });
    const headers = { authorization: `Bearer ${await login(again.url, adminEmail, server.password(adminEmail))}` };
    const eventsOf = async (): Promise<readonly WireEvent[]> => {
      const events: WireEvent[] = [];
      for (let after = delivery.seq, complete = false; !complete; ) {
        const query = `after=${after}&epoch=${delivery.epoch}&limit=1000`;
        const response = await fetch(`${again?.url}/api/v1/events?${query}`, { headers });
        const page = (await response.json()) as { events: WireEvent[]; nextAfter: number; complete: boolean };
        events.push(...page.events);
        ({ nextAfter: after, complete } = page);
      }
      return events;
    };
    const arrived = (): readonly WireEvent[] => [
      ...new Map(receiver.received.map(({ id, event }) => [id, event])).values(),
    ];
    await expect.poll(async () => arrived().length - (await eventsOf()).length, { timeout: 20_000 }).toBe(0);
    const logged = await eventsOf();
    const countOf = (wanted: string): number => logged.filter(({ type }) => type === wanted).length;
    // How many were dialled before the end came is a matter of the machine; none of them is without its own end.
    expect(countOf("CALL_CREATED")).toBeGreaterThan(3);
    expect(countOf("CALL_ENDED")).toBe(countOf("CALL_CREATED"));
    expect(arrived()).toEqual(logged);
    expect(beforeKill).toBeLessThan(logged.length);
    expect(receiver.refused).toEqual([]);
    const repeated = receiver.received.length - logged.length;
    expect(repeated).toBeLessThanOrEqual(30);
    const wanted = logged.filter(({ type }) => type === "CALL_ENDED").map(({ eventId }) => eventId);
    await expect.poll(() => few.receiver.received.map(({ event }) => event.eventId)).toEqual(wanted);
  });

  it("[R44] [V3] a receiver that is gone is switched off, and the socket says so; switched on again it misses nothing", async () => {
    const here = await startWorld({ env });
    try {
      const { receiver, id } = await receive(here, { eventTypes: ["EXTENSION_REGISTERED", "EXTENSION_UNREGISTERED"] });
      receiver.answer(410);
      const phone = await here.startPhone("200");
      const alert = await here.cti.waitFor("SYSTEM_ALERT", ({ data }) => data["severity"] === "error");
      expect(alert.data["message"]).toBe('The webhook "Receiver" was switched off: its receiver is gone (status 410)');
      await phone.stop();
      await here.cti.waitFor("EXTENSION_UNREGISTERED");
      receiver.answer(204);
      await here.request("PATCH", `/webhooks/${id}`, { isActive: true });
      await expect
        .poll(() => receiver.received.map(({ event }) => event.type))
        .toEqual(["EXTENSION_REGISTERED", "EXTENSION_UNREGISTERED"]);
      const over = await here.cti.waitFor("SYSTEM_ALERT", ({ data }) => data["isOver"] === true);
      expect(over.data).toMatchObject({ alertId: alert.data["alertId"], severity: "info" });
    } finally {
      await here.stop();
    }
  });
});
