import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually } from "../testing/eventually.ts";
import { freePortRange } from "../testing/free-ports.ts";
import { createRtpProbe, type RtpProbe } from "../testing/rtp-probe.ts";
import { goertzel } from "../tones/goertzel.ts";
import { readWav } from "../wav/wav.ts";
import { createMediaService, type MediaEvent, type MediaService } from "./media-service.ts";

let dir: string;
let media: MediaService;
let events: MediaEvent[];
let probes: RtpProbe[];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "pbx-x-media-recording-"));
  events = [];
  probes = [];
  media = createMediaService({
    address: "127.0.0.1",
    ports: await freePortRange(20),
    maxRecordings: 2,
    onEvent: (event) => events.push(event),
  });
});
afterEach(async () => {
  for (const probe of probes) probe.close();
  await media.shutdown();
  await rm(dir, { recursive: true });
});

async function speaking(id: string, hz: number, codec: "PCMA" | "G722" = "PCMA"): Promise<RtpProbe> {
  const payloadType = codec === "PCMA" ? 8 : 9;
  const probe = await createRtpProbe({ codec, payloadType });
  probes.push(probe);
  const opened = await media.open(id);
  if (!opened.ok) throw new Error(opened.code);
  media.configure(id, {
    codec,
    payloadType,
    remoteAddress: "127.0.0.1",
    remotePort: probe.port,
    remoteRtcpPort: 0,
    rtcpMux: false,
    direction: "sendrecv",
    hold: "none",
    ptime: 20,
  });
  probe.speak({ address: "127.0.0.1", port: opened.port }, hz);
  return probe;
}

async function join2(): Promise<readonly [RtpProbe, RtpProbe]> {
  const pair = [await speaking("a", 440), await speaking("b", 880, "G722")] as const;
  for (const id of ["a", "b"]) media.join("bridge", id);
  expect(await pair[0].hears(880)).toBe(true);
  return pair;
}

const talk = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
const finished = (recordingId: string) =>
  events.find((event) => event.type === "recordingFinished" && event.recordingId === recordingId);
const record = (recordingId: string, bridgeId = "bridge") =>
  media.record({ recordingId, path: join(dir, `${recordingId}.wav`), bridgeId, leftEndpointId: "a" });

async function shares(recordingId: string): Promise<readonly number[]> {
  const wav = readWav(await readFile(join(dir, `${recordingId}.wav`)));
  if (!wav.ok) throw new Error(wav.error);
  return wav.channels.map((samples, channel) => goertzel(samples, channel === 0 ? 440 : 880));
}

/** The tone's share in the best tenth of a second: a busy machine sends with gaps, which are no fault of the recording. */
function purest(samples: Int16Array, hertz: number): number {
  const window = 800;
  const starts = Array.from({ length: Math.floor(samples.length / window) }, (_, index) => index * window);
  return Math.max(0, ...starts.map((start) => goertzel(samples.subarray(start, start + window), hertz)));
}

describe("recording in the media service", () => {
  it("[C51] records both sides of a real call, which hears nothing of it, and ends once", async () => {
    const [a, b] = await join2();
    expect(await record("r")).toEqual({ ok: true });
    expect(media.recordings).toBe(1);
    a.forget();
    expect(await a.hears(880)).toBe(true);
    await talk(1000);
    media.stopRecording("r");
    media.stopRecording("r");
    await eventually(() => finished("r")).toBeDefined();
    for (const share of await shares("r")) expect(share).toBeGreaterThan(0.8);
    expect(b.report()).toMatchObject({ lost: 0, timestampJumps: 0 });
    expect(events.filter(({ type }) => type === "recordingFinished")).toHaveLength(1);
    expect(finished("r")).not.toHaveProperty("failure");
    expect(media.recordings).toBe(0);
  });

  it("[C51] goes on in another bridge, in the same file", async () => {
    await join2();
    await record("r");
    for (const id of ["a", "b"]) media.leave(id);
    media.moveRecording("r", "other", "b");
    for (const id of ["a", "b"]) media.join("other", id);
    await talk(1000);
    media.stopRecording("r");
    await eventually(() => finished("r")).toBeDefined();
    const wav = readWav(await readFile(join(dir, "r.wav")));
    const [left, right] = wav.ok ? wav.channels.map((samples) => samples.slice(-4800)) : [];
    expect(purest(left ?? new Int16Array(), 880)).toBeGreaterThan(0.9);
    expect(purest(right ?? new Int16Array(), 440)).toBeGreaterThan(0.9);
  });

  it("leaves out who is muted", async () => {
    await join2();
    media.mute("a", true);
    await record("r");
    await talk(600);
    media.stopRecording("r");
    await eventually(() => finished("r")).toBeDefined();
    const [left, right] = await shares("r");
    expect(left).toBe(0);
    expect(right).toBeGreaterThan(0.6);
  });

  it("refuses what cannot be written and what is too much, and keeps the finished files at its shutdown", async () => {
    await join2();
    expect(await media.record({ recordingId: "x", path: dir, bridgeId: "bridge", leftEndpointId: "a" })).toEqual({
      ok: false,
      code: "write_failed",
    });
    expect([await record("r1"), await record("r2")]).toEqual([{ ok: true }, { ok: true }]);
    expect(await record("r3")).toEqual({ ok: false, code: "too_many_recordings" });
    await talk(600);
    await media.shutdown();
    for (const id of ["r1", "r2"]) {
      expect(finished(id)).toMatchObject({ type: "recordingFinished" });
      expect(finished(id)).not.toHaveProperty("failure");
      for (const share of await shares(id)) expect(share).toBeGreaterThan(0.6);
    }
    expect(await record("r4")).toEqual({ ok: false, code: "shut_down" });
  });
});
