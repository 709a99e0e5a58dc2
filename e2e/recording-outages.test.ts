import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { connectCti, login } from "./src/cti.ts";
import { fetchRecorded } from "./src/recorded.ts";
import { startServer } from "./src/server-process.ts";
import { mayMount, mountSmallDisk, unmountDisk } from "./src/small-disk.ts";
import { isVoice, untilSoundsLike } from "./src/tone.ts";
import { adminEmail, startWorld, type World } from "./src/world.ts";

const [annaHz, lisaHz] = [440, 880];

async function talk(world: World) {
  const anna = await world.startPhone("200", { toneHz: annaHz });
  const lisa = await world.startPhone("201", { toneHz: lisaHz, answerMode: "auto" });
  await anna.command("dial", "201");
  const answered = await world.cti.waitFor("CALL_ANSWERED");
  await untilSoundsLike(lisa.heardFiles, annaHz, isVoice);
  return { anna, lisa, callId: String(answered.data["callId"]) };
}

async function record(world: World, callId: string): Promise<string> {
  const started = await world.cti.send("recordStart", { callId });
  expect(started).toMatchObject({ success: true });
  await world.cti.waitFor("CALL_RECORDING_STARTED");
  return String(started.data?.["recordingId"]);
}

describe("the end of the server in mid-recording", () => {
  it.each([
    ["kill -9: the next start leaves a file that plays and writes exactly one end", "kill"],
    ["a clean stop: the file is complete, and its end is told before", "stop"],
  ] as const)("[C4] [C52] [C54] %s", async (_, how) => {
    const dataDir = await mkdtemp(join(tmpdir(), "pbx-x-e2e-"));
    const world = await startWorld({ dataDir });
    const { callId } = await talk(world);
    const recordingId = await record(world, callId);
    await delay(7000);
    const epoch = String(world.cti.events.find(({ type }) => type === "CONNECTED")?.data["epoch"]);
    await world.server[how]();
    const again = await startServer({ dataDir, ports: world.server.ready });
    try {
      const token = await login(again.url, adminEmail, world.server.password(adminEmail));
      const cti = await connectCti(again.url, token);
      await cti.send("subscribe", { channels: ["calls"], since: { epoch, seq: 0 } });
      const stopped = await cti.waitFor("CALL_RECORDING_STOPPED");
      expect(stopped.data).toMatchObject({ callId, recordingId });
      expect(stopped.data["reason"]).toBe(how === "kill" ? "server_restart" : undefined);
      await delay(500);
      const ends = cti.typesOf(callId).filter((type) => /^CALL_RECORDING_(?:STOPPED|FAILED)$/.test(type));
      expect(ends).toHaveLength(1);
      expect(cti.typesOf(callId).filter((type) => type === "CALL_ENDED")).toHaveLength(1);
      const recorded = await fetchRecorded({ server: again, token }, recordingId);
      expect(recorded.bytes.length).toBe(stopped.data["fileSizeBytes"]);
      expect(recorded.seconds).toBeGreaterThan(5);
      expect(recorded.share("left", annaHz, 1, 5)).toBeGreaterThan(0.9);
      expect(recorded.share("right", lisaHz, 1, 5)).toBeGreaterThan(0.9);
      await cti.close();
    } finally {
      await again.stop();
      await world.stop();
      await rm(dataDir, { recursive: true });
    }
  });
});

// Only who may mount can have a real disk that is full; the same with a disk made for it: recording-file.test.ts of the media.
describe.runIf(await mayMount())("a disk that is full", () => {
  it("[C55] [V26] fails the recording, not the call, nor the conference; what was written plays", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "pbx-x-e2e-"));
    const disk = join(dataDir, "recordings");
    await mountSmallDisk(disk, 256);
    const world = await startWorld({ dataDir, env: { PBXX_RECORDINGS_MIN_FREE_MB: "0" } });
    try {
      const { anna, lisa, callId } = await talk(world);
      const recordingId = await record(world, callId);
      const failed = await world.cti.waitFor("CALL_RECORDING_FAILED", () => true, 30_000);
      expect(failed.data).toMatchObject({ callId, recordingId, reason: "disk_full", state: "answered" });
      for (const phone of [anna, lisa]) {
        await untilSoundsLike(phone.heardFiles, phone === anna ? lisaHz : annaHz, isVoice);
      }
      const recorded = await fetchRecorded(world, recordingId);
      expect(recorded.seconds).toBeGreaterThan(4);
      expect(recorded.share("left", annaHz, 1, 4)).toBeGreaterThan(0.9);
      expect(await world.get(`/recordings/${recordingId}`)).toMatchObject({ status: "failed", reason: "disk_full" });
      await anna.command("hangup");
      expect((await world.cti.waitFor("CALL_ENDED")).data).toMatchObject({ hangupCause: "normal_clearing" });
      const ends = world.cti.typesOf(callId).filter((type) => /^CALL_RECORDING_(?:STOPPED|FAILED)$/.test(type));
      expect(ends).toEqual(["CALL_RECORDING_FAILED"]);

      await world.request("DELETE", `/recordings/${recordingId}`);
      await world.cti.send("subscribe", { channels: ["conferences"] });
      for (const phone of [anna, lisa]) await phone.command("dial", "400");
      const joined = await world.cti.waitFor(
        "CONFERENCE_PARTICIPANT_JOINED",
        ({ data }) => data["currentParticipantCount"] === 2,
      );
      const { conferenceId } = joined.data;
      const whole = await world.cti.send("conferenceRecordStart", { conferenceId });
      const over = await world.cti.waitFor("CONFERENCE_RECORDING_FAILED", () => true, 30_000);
      expect(over.data).toMatchObject({ conferenceId, recordingId: whole.data?.["recordingId"], reason: "disk_full" });
      await untilSoundsLike(lisa.heardFiles, annaHz, isVoice);
      expect(await world.get(`/conferences/${String(conferenceId)}`)).toMatchObject({ participants: [{}, {}] });
    } finally {
      await world.stop();
      await unmountDisk(disk);
      await rm(dataDir, { recursive: true });
    }
  });

  it("[C55] is seen before a recording begins", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "pbx-x-e2e-"));
    const disk = join(dataDir, "recordings");
    await mountSmallDisk(disk, 1024);
    const world = await startWorld({ dataDir, env: { PBXX_RECORDINGS_MIN_FREE_MB: "2" } });
    try {
      const { anna, callId } = await talk(world);
      expect(await world.cti.send("recordStart", { callId })).toMatchObject({
        success: false,
        error: { code: "ENGINE_UNAVAILABLE", details: { reason: "disk_full" } },
      });
      await anna.command("hangup");
      await world.cti.waitFor("CALL_ENDED");
      expect(world.cti.typesOf(callId).filter((type) => type.startsWith("CALL_RECORDING"))).toEqual([]);
    } finally {
      await world.stop();
      await unmountDisk(disk);
      await rm(dataDir, { recursive: true });
    }
  });
});
