import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import { connectCti, login } from "./src/cti.ts";
import { startServer } from "./src/server-process.ts";
import { adminEmail, startWorld } from "./src/world.ts";

it("[C4] [V22] kill -9 during a conference: everybody leaves once, it ends once; nobody is in it", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "pbx-x-e2e-"));
  const world = await startWorld({ dataDir });
  await world.cti.send("subscribe", { channels: ["conferences"] });
  const anna = await world.startPhone("200", { toneHz: 440 });
  const lisa = await world.startPhone("201", { toneHz: 880 });
  for (const phone of [anna, lisa]) await phone.command("dial", "400");
  await world.cti.waitFor("CONFERENCE_PARTICIPANT_JOINED", ({ data }) => data["currentParticipantCount"] === 2);
  const epoch = String(world.cti.events.find(({ type }) => type === "CONNECTED")?.data["epoch"]);
  await world.server.kill();
  const again = await startServer({ dataDir, ports: world.server.ready });
  try {
    const cti = await connectCti(again.url, await login(again.url, adminEmail, world.server.password(adminEmail)));
    const since = { epoch, seq: 0 };
    const answer = await cti.send("subscribe", { channels: ["conferences"], since, snapshot: true });
    expect(answer.data).toMatchObject({ recovered: true, snapshot: { tables: { conferences: [], participants: [] } } });
    const ended = await cti.waitFor("CONFERENCE_ENDED");
    expect(ended.data).toMatchObject({ name: "Team Meeting", totalParticipants: 2, reason: "server_restart" });
    await delay(500);
    const types = cti.events.map(({ type }) => type).filter((type) => type.startsWith("CONFERENCE_"));
    expect(types).toEqual([
      "CONFERENCE_STARTED",
      "CONFERENCE_PARTICIPANT_JOINED",
      "CONFERENCE_PARTICIPANT_JOINED",
      "CONFERENCE_PARTICIPANT_LEFT",
      "CONFERENCE_PARTICIPANT_LEFT",
      "CONFERENCE_ENDED",
    ]);
    await cti.close();
  } finally {
    await world.stop();
    await again.stop();
  }
});
