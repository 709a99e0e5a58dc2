import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { talk } from "./src/conversation.ts";
import { connectCti } from "./src/cti.ts";
import { fetchRecorded } from "./src/recorded.ts";
import { isVoice, untilSoundsLike } from "./src/tone.ts";
import { annaEmail, startWorld, type World } from "./src/world.ts";

let world: World;
let anna: Baresip;
let lisa: Baresip;
let tom: Baresip;
let callId = "";
let seen = 0;
const [annaHz, lisaHz, tomHz] = [440, 880, 660];
beforeAll(async () => {
  world = await startWorld();
  anna = await world.startPhone("200", { toneHz: annaHz });
  lisa = await world.startPhone("201", { toneHz: lisaHz });
  tom = await world.startPhone("202", { toneHz: tomHz });
});
afterAll(() => world?.stop());

const next = (type: string, of = callId) =>
  world.cti.waitFor(type, (event) => event.data["callId"] === of && world.cti.events.indexOf(event) >= seen);
const recordingEvents = (of = callId) => world.cti.typesOf(of).filter((type) => type.startsWith("CALL_RECORDING"));

async function annaTalksWithLisa(): Promise<void> {
  seen = world.cti.events.length;
  callId = await talk(world, anna, lisa);
  await untilSoundsLike(lisa.heardFiles, annaHz, isVoice);
  await untilSoundsLike(anna.heardFiles, lisaHz, isVoice);
}

async function hangUp(): Promise<void> {
  await anna.command("hangup");
  await next("CALL_ENDED");
}

describe("recording with real phones", () => {
  beforeEach(annaTalksWithLisa);

  it("[C51] [C54] by command: one party per channel, a pause is cut out, keys of the pause are kept secret", async () => {
    const started = await world.cti.send("recordStart", { callId });
    expect(started).toMatchObject({ success: true });
    const recordingId = String(started.data?.["recordingId"]);
    expect((await next("CALL_RECORDING_STARTED")).data).toMatchObject({ recordingId, startedBy: {} });
    expect(await world.get(`/calls/${callId}`)).toMatchObject({ recording: { recordingId, state: "recording" } });
    await delay(3000);
    expect(await world.cti.send("recordPause", { callId })).toMatchObject({ success: true });
    await next("CALL_RECORDING_PAUSED");
    for (const key of ["5", "6"]) await anna.command("sndcode", key);
    await delay(4000);
    expect(await world.cti.send("recordResume", { callId })).toMatchObject({ success: true });
    await next("CALL_RECORDING_RESUMED");
    await anna.command("sndcode", "7");
    await next("CALL_DTMF");
    await delay(2000);
    const stopped = await world.cti.send("recordStop", { callId });
    expect(stopped).toMatchObject({ success: true, data: { recordingId } });
    const { durationSeconds, fileSizeBytes } = (await next("CALL_RECORDING_STOPPED")).data;
    const recorded = await fetchRecorded(world, recordingId);
    expect(recorded.bytes.length).toBe(fileSizeBytes);
    expect(Math.abs(recorded.seconds - Number(durationSeconds))).toBeLessThan(0.6);
    expect(recorded.seconds).toBeGreaterThan(4.5);
    expect(recorded.seconds).toBeLessThan(8);
    expect(recorded.share("left", annaHz, 0.5, 2.5)).toBeGreaterThan(0.9);
    expect(recorded.share("right", lisaHz, 0.5, 2.5)).toBeGreaterThan(0.9);
    expect(recorded.share("left", lisaHz)).toBeLessThan(0.05);
    expect(recorded.share("right", annaHz)).toBeLessThan(0.05);
    const digits = world.cti.events.filter(({ type, data }) => type === "CALL_DTMF" && data["callId"] === callId);
    expect(digits.map(({ data }) => data["digit"])).toEqual(["7"]);
    expect(recordingEvents()).toEqual(
      ["STARTED", "PAUSED", "RESUMED", "STOPPED"].map((end) => `CALL_RECORDING_${end}`),
    );
    await hangUp();
  });

  it("[C51] [R6] by REST, through a blind transfer: the same file, who stayed keeps the channel; heard in parts with a ticket", async () => {
    const { recordingId } = (await world.request("POST", `/calls/${callId}/recording/start`)) as {
      recordingId: string;
    };
    await delay(2500);
    await lisa.command("transfer", "202");
    await next("CALL_TRANSFERRED");
    await tom.command("accept");
    seen = world.cti.events.length;
    await untilSoundsLike(anna.heardFiles, tomHz, isVoice);
    await delay(2500);
    await anna.command("hangup");
    await next("CALL_RECORDING_STOPPED");
    expect(world.cti.typesOf(callId).slice(-2)).toEqual(["CALL_ENDED", "CALL_RECORDING_STOPPED"]);
    const recorded = await fetchRecorded(world, recordingId);
    expect(recorded.has("left", annaHz)).toBe(true);
    expect(recorded.has("right", lisaHz)).toBe(true);
    expect(recorded.has("right", tomHz)).toBe(true);
    for (const hz of [lisaHz, tomHz]) expect(recorded.has("left", hz)).toBe(false);
    expect(recorded.share("right", tomHz, recorded.seconds - 2, recorded.seconds - 0.5)).toBeGreaterThan(0.9);
    expect(await world.get(`/recordings?callId=${callId}`)).toMatchObject({
      data: [
        { id: recordingId, status: "complete", extensions: [{ number: "200" }, { number: "201" }, { number: "202" }] },
      ],
    });
    const { url } = (await world.request("POST", "/auth/tickets", {
      path: `/api/v1/recordings/${recordingId}/stream`,
    })) as { url: string };
    const part = await fetch(`${world.server.url}${url}`, { headers: { range: "bytes=44-163" } });
    expect([part.status, part.headers.get("content-range")]).toEqual([206, `bytes 44-163/${recorded.bytes.length}`]);
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(recorded.bytes.slice(44, 164));
    const peaks = (await world.get(`/recordings/${recordingId}/peaks?points=20`)) as { left: number[] };
    expect(Math.max(...peaks.left)).toBeGreaterThan(5);
    await expect
      .poll(async () => JSON.stringify(await world.get("/audit?search=recording")))
      .toMatch(/recording\.listen.*recording\.start/);
  });

  it("[W44] [C56] who may not record is refused by socket and REST, and hears nothing", async () => {
    const token = await world.tokenOf(annaEmail);
    const own = await connectCti(world.server.url, token);
    expect(await own.send("recordStart", { callId })).toMatchObject({
      success: false,
      error: { code: "UNAUTHORIZED" },
    });
    const ask = async (path: string, method = "GET"): Promise<number> => {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(`${world.server.url}/api/v1${path}`, { method, headers })).status;
    };
    expect(await ask(`/calls/${callId}/recording/start`, "POST")).toBe(403);
    const { data } = (await world.get("/recordings")) as { data: { id: string }[] };
    expect(await ask(`/recordings/${data[0]?.id}/stream`)).toBe(403);
    expect(recordingEvents()).toEqual([]);
    await own.close();
    await hangUp();
  });
});

describe("the policy of an extension", () => {
  it("[C53] always: recorded from the answer on; the party itself cannot stop it", async () => {
    await world.patchExtension("201", { callRecordingPolicy: "always", canRecordCalls: true });
    try {
      await annaTalksWithLisa();
      expect((await next("CALL_RECORDING_STARTED")).data).not.toHaveProperty("startedBy");
      const own = await connectCti(world.server.url, await world.tokenOf("lisa.weber@pbx-x.example"));
      expect(await own.send("recordStop", { callId })).toMatchObject({
        success: false,
        error: { code: "INVALID_STATE", details: { reason: "recording_by_policy" } },
      });
      await delay(1500);
      await own.close();
      await hangUp();
      const { recordingId } = (await next("CALL_RECORDING_STOPPED")).data;
      const recorded = await fetchRecorded(world, String(recordingId));
      expect(recorded.has("left", annaHz) && recorded.has("right", lisaHz)).toBe(true);
      expect(recordingEvents()).toEqual(["CALL_RECORDING_STARTED", "CALL_RECORDING_STOPPED"]);
    } finally {
      await world.patchExtension("201", { callRecordingPolicy: "off", canRecordCalls: false });
    }
  });
});
