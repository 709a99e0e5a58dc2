import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import { connectCti, login } from "./src/cti.ts";
import { fetchRecorded } from "./src/recorded.ts";
import { startServer } from "./src/server-process.ts";
import { isVoice, untilSoundsLike } from "./src/tone.ts";
import { adminEmail, startWorld } from "./src/world.ts";

const [annaHz, lisaHz, tomHz] = [440, 880, 1320];
const part = 0.2;

it("[V26] [V24] a conference is recorded as a whole, and by one of its calls; kill -9 leaves one end and a file that plays", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "pbx-x-e2e-"));
  const world = await startWorld({ dataDir });
  const { cti } = world;
  await cti.send("subscribe", { channels: ["conferences"] });
  const anna = await world.startPhone("200", { toneHz: annaHz });
  const lisa = await world.startPhone("201", { toneHz: lisaHz });
  const tom = await world.startPhone("202", { toneHz: tomHz });
  await anna.command("dial", "400");
  const { conferenceId, callId } = (await cti.waitFor("CONFERENCE_PARTICIPANT_JOINED")).data;
  await lisa.command("dial", "400");
  await cti.waitFor("CONFERENCE_PARTICIPANT_JOINED", ({ data }) => data["currentParticipantCount"] === 2);
  await untilSoundsLike(anna.heardFiles, lisaHz, isVoice);

  const path = `/conferences/${String(conferenceId)}/recordStart`;
  const { recordingId } = (await world.request("POST", path)) as { recordingId: string };
  expect((await cti.waitFor("CONFERENCE_RECORDING_STARTED")).data).toMatchObject({ conferenceId, recordingId });
  expect(await world.get(`/conferences/${String(conferenceId)}`)).toMatchObject({ recordingId });
  await delay(2500);
  await tom.command("dial", "400");
  await cti.waitFor("CONFERENCE_PARTICIPANT_JOINED", ({ data }) => data["currentParticipantCount"] === 3);
  await untilSoundsLike(tom.heardFiles, annaHz, ({ share, loudness }) => loudness > 300 && share > part);
  await delay(2500);
  const ended = await cti.send("conferenceRecordStop", { conferenceId });
  expect(ended).toMatchObject({ success: true, data: { conferenceId, recordingId } });
  const { durationSeconds, fileSizeBytes } = (await cti.waitFor("CONFERENCE_RECORDING_STOPPED")).data;
  const whole = await fetchRecorded(world, recordingId);
  expect(whole.bytes.length).toBe(fileSizeBytes);
  expect(Math.abs(whole.seconds - Number(durationSeconds))).toBeLessThan(0.6);
  expect(whole.share("left", annaHz, 0.5, 2)).toBeGreaterThan(0.9);
  expect(whole.share("right", lisaHz, 0.5, 2)).toBeGreaterThan(0.9);
  // At the end two speak in the right channel, and the left one is still hers alone.
  const [from, to] = [whole.seconds - 1.5, whole.seconds - 0.3];
  for (const hz of [lisaHz, tomHz]) expect(whole.share("right", hz, from, to)).toBeGreaterThan(part);
  expect(whole.share("right", annaHz, from, to)).toBeLessThan(0.05);
  expect(whole.share("left", annaHz, from, to)).toBeGreaterThan(0.9);

  const ofCall = await cti.send("recordStart", { callId });
  expect(ofCall).toMatchObject({ success: true });
  await delay(2000);
  await cti.send("recordStop", { callId });
  await cti.waitFor("CALL_RECORDING_STOPPED", ({ data }) => data["callId"] === callId);
  const own = await fetchRecorded(world, String(ofCall.data?.["recordingId"]));
  expect(own.has("left", annaHz)).toBe(true);
  for (const hz of [lisaHz, tomHz]) expect(own.share("right", hz)).toBeGreaterThan(part);

  const second = await cti.send("conferenceRecordStart", { conferenceId });
  const secondId = String(second.data?.["recordingId"]);
  await delay(2000);
  const epoch = String(cti.events.find(({ type }) => type === "CONNECTED")?.data["epoch"]);
  await world.server.kill();
  const again = await startServer({ dataDir, ports: world.server.ready });
  try {
    const token = await login(again.url, adminEmail, world.server.password(adminEmail));
    const after = await connectCti(again.url, token);
    await after.send("subscribe", { channels: ["conferences"], since: { epoch, seq: 0 } });
    const { data } = await after.waitFor(
      "CONFERENCE_RECORDING_STOPPED",
      (event) => event.data["recordingId"] === secondId,
    );
    expect(data).toMatchObject({ conferenceId, reason: "server_restart" });
    await after.waitFor("CONFERENCE_ENDED");
    await delay(500);
    const count = (type: string): number => after.events.filter((event) => event.type === type).length;
    expect([count("CONFERENCE_RECORDING_STARTED"), count("CONFERENCE_RECORDING_STOPPED")]).toEqual([2, 2]);
    const kept = await fetchRecorded({ server: again, token }, secondId);
    expect(kept.share("left", annaHz, 0.3)).toBeGreaterThan(0.9);
    await after.close();
  } finally {
    await world.stop();
    await again.stop();
  }
});
