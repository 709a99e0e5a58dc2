import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { connectCti, login } from "./src/cti.ts";
import { freePort } from "./src/free-port.ts";
import { reachMailbox } from "./src/leave-message.ts";
import { readRecorded } from "./src/recorded.ts";
import { playSipp, registerSipp } from "./src/sipp.ts";
import { scenario } from "./src/sipp-scenario.ts";
import { watcher } from "./src/sipp-watcher.ts";
import { startServer } from "./src/server-process.ts";
import { adminEmail, startWorld } from "./src/world.ts";

const annaHz = 440;

describe("the end of the server while a message is left", () => {
  it("[V33] [C4] [L11] kill -9: the next start delivers what was said, once, it plays, and the lamp is lit", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "pbx-x-e2e-"));
    const world = await startWorld({ dataDir });
    await world.patchExtension("201", { voicemailEnabled: true });
    // A phone of 201 that does not ask for the lamp of its mailbox.
    const user = world.user("201");
    const localPort = await freePort();
    await registerSipp({ user, pbx: world.pbx.udp, localPort, expires: 3600 });
    const lamp = (name: string, messages: string) =>
      playSipp({ scenario: scenario(name, watcher.expectUnasked({ messages })), user, pbx: world.pbx.udp, localPort });
    await (await lamp("the lamp of 201 at its registration", "0/0 (0/0)")).done;
    const anna = await world.startPhone("200", { toneHz: annaHz });
    const callId = await reachMailbox(world, anna, "201");
    await delay(7000);
    const epoch = String(world.cti.events.find(({ type }) => type === "CONNECTED")?.data["epoch"]);
    await world.server.kill();
    const lit = await lamp("the lamp of 201 after the restart", "1/0 (0/0)");
    const again = await startServer({ dataDir, ports: world.server.ready });
    try {
      const token = await login(again.url, adminEmail, world.server.password(adminEmail));
      const cti = await connectCti(again.url, token);
      await cti.send("subscribe", { channels: ["voicemail", "calls"], since: { epoch, seq: 0 } });
      const { data } = await cti.waitFor("VOICEMAIL_RECEIVED");
      expect(data).toMatchObject({
        callId,
        extensionNumber: "201",
        caller: { number: "200" },
        unreadCount: 1,
        totalCount: 1,
        causedBy: { via: "system" },
      });
      await lit.done;
      await cti.waitFor("CALL_ENDED", (event) => event.data["callId"] === callId);
      await delay(500);
      expect(cti.events.filter(({ type }) => type === "VOICEMAIL_RECEIVED")).toHaveLength(1);
      const path = `/api/v1/voicemail/messages/${String(data["messageId"])}/stream`;
      const response = await fetch(again.url + path, { headers: { authorization: `Bearer ${token}` } });
      const recorded = readRecorded(new Uint8Array(await response.arrayBuffer()));
      expect(Math.abs(recorded.seconds - Number(data["durationSeconds"]))).toBeLessThan(0.6);
      expect(recorded.seconds).toBeGreaterThan(5);
      expect(recorded.share("left", annaHz, 1, 5)).toBeGreaterThan(0.9);
      await cti.close();
    } finally {
      await again.stop();
      await world.stop();
      await rm(dataDir, { recursive: true });
    }
  });
});
