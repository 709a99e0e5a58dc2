import { rm } from "node:fs/promises";
import { afterAll, describe, expect, it } from "vitest";
import { connectCti, login } from "./src/cti.ts";
import { freePort } from "./src/free-port.ts";
import { startServer } from "./src/server-process.ts";
import { playSipp, registerSipp, type SippProcess } from "./src/sipp.ts";
import { scenario, uac, uas } from "./src/sipp-scenario.ts";
import { adminEmail, startWorld, type World } from "./src/world.ts";

const calls = 50;
let world: World;
const running: SippProcess[] = [];
afterAll(async () => {
  for (const process of running) process.stop();
  await world?.server.kill();
  if (world !== undefined) await rm(world.server.dataDir, { recursive: true, force: true });
});

describe("kill -9 with 50 calls up", () => {
  it("[C4] every call has exactly one end after the start, no event that was told is missing, phones come back", async () => {
    world = await startWorld();
    const { server, cti } = world;
    for (const number of ["200", "201"]) await world.patchExtension(number, { maxConcurrentCalls: calls });
    const phone = await world.startPhone("100", { registrationSeconds: 10 });
    const localPort = await freePort();
    await registerSipp({ user: world.user("201"), pbx: world.pbx.udp, localPort });
    running.push(
      await playSipp({
        scenario: scenario("answers and stays", uas.expectInvite(), uas.ring(), uas.answer(), uas.pause(60_000)),
        user: world.user("201"),
        pbx: world.pbx.udp,
        localPort,
        count: calls,
      }),
      await playSipp({
        scenario: scenario("calls and stays", uac.invite(), uac.expectAnswer(), uac.pause(60_000)),
        user: world.user("200"),
        dials: "201",
        pbx: world.pbx.udp,
        count: calls,
        callsPerSecond: 25,
      }),
    );
    await expect
      .poll(() => cti.events.filter(({ type }) => type === "CALL_ANSWERED").length, { timeout: 30_000 })
      .toBe(calls);
    const acknowledged = cti.events.filter((event) => event.seq !== undefined);
    const epoch = String(cti.events.find(({ type }) => type === "CONNECTED")?.data["epoch"]);
    await server.kill();

    const again = await startServer({ dataDir: server.dataDir, ports: server.ready });
    try {
      const token = await login(again.url, adminEmail, server.password(adminEmail));
      const after = await connectCti(again.url, token);
      const subscribed = await after.send("subscribe", { channels: ["calls", "extensions"], since: { epoch, seq: 0 } });
      expect(subscribed.data).toMatchObject({ recovered: true });
      await expect
        .poll(() => after.events.filter(({ type }) => type === "CALL_ENDED").length, { timeout: 10_000 })
        .toBe(calls);
      const kept = new Map(after.events.map((event) => [event.eventId, event]));
      for (const event of acknowledged) expect(kept.get(event.eventId)).toEqual(event);
      const ends = after.events.filter(({ type }) => type === "CALL_ENDED");
      expect(new Set(ends.map(({ data }) => data["callId"])).size).toBe(calls);
      for (const { data } of ends) expect(data).toMatchObject({ hangupCause: "failed", reason: "server_restart" });
      await after.send("subscribe", { channels: ["extension:100"] });
      await expect
        .poll(
          async () => {
            const response = await fetch(`${again.url}/api/v1/extensions?search=100`, {
              headers: { authorization: `Bearer ${token}` },
            });
            const body = (await response.json()) as { data: { number: string; registrations?: unknown[] }[] };
            return body.data.find(({ number }) => number === "100")?.registrations?.length ?? 0;
          },
          { timeout: 30_000 },
        )
        .toBe(1);
      await after.close();
    } finally {
      await phone.stop();
      await again.stop();
    }
  });
});
