import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import { connectCti, login } from "./src/cti.ts";
import { startServer } from "./src/server-process.ts";
import { isMusic, untilSoundsLike } from "./src/tone.ts";
import { adminEmail, startWorld } from "./src/world.ts";

it("[C4] [C41] [W54] kill -9 while a call is parked: exactly one end, also on `parking`; the slot is free", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "pbx-x-e2e-"));
  const world = await startWorld({ dataDir });
  const anna = await world.startPhone("200", { toneHz: 440 });
  await world.startPhone("201", { toneHz: 880, answerMode: "auto" });
  await anna.command("dial", "201");
  const { data } = await world.cti.waitFor("CALL_ANSWERED");
  const callId = String(data["callId"]);
  const extensionId = await world.extensionId("201");
  expect(await world.cti.send("park", { callId, extensionId })).toMatchObject({ data: { parkingSlot: "701" } });
  await untilSoundsLike(anna.heardFiles, 880, isMusic);
  const epoch = String(world.cti.events.find(({ type }) => type === "CONNECTED")?.data["epoch"]);
  await world.server.kill();
  const again = await startServer({ dataDir, ports: world.server.ready });
  try {
    const token = await login(again.url, adminEmail, world.server.password(adminEmail));
    const cti = await connectCti(again.url, token);
    const since = { epoch, seq: 0 };
    const answer = await cti.send("subscribe", { channels: ["parking"], since, snapshot: true });
    expect(answer.data).toMatchObject({ recovered: true, snapshot: { tables: { parkingSlots: [] } } });
    const ended = await cti.waitFor("CALL_ENDED");
    expect(ended.data).toMatchObject({ callId, hangupCause: "failed", reason: "server_restart" });
    await delay(500);
    expect(cti.typesOf(callId)).toEqual(["CALL_PARKED", "CALL_ENDED"]);
    await cti.close();
  } finally {
    await world.stop();
    await again.stop();
  }
});
