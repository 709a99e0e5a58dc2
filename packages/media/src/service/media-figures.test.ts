import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseRtcp, printRtcp } from "../rtp/rtcp.ts";
import { printRtp } from "../rtp/rtp-packet.ts";
import { eventually } from "../testing/eventually.ts";
import { freePortRange } from "../testing/free-ports.ts";
import { openUdpPeer, type UdpPeer } from "../testing/udp-peer.ts";
import { sineSamples } from "../tones/tone.ts";
import { writeWav } from "../wav/wav.ts";
import { createMediaService, type MediaEvent, type MediaService } from "./media-service.ts";

const phoneSsrc = 0xabcd;
let media: MediaService;
let events: MediaEvent[];
let rtp: UdpPeer;
let rtcp: UdpPeer;
let folder: string;
let port: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pbx-x-media-"));
  events = [];
  [rtp, rtcp] = [await openUdpPeer(), await openUdpPeer()];
  media = createMediaService({
    address: "127.0.0.1",
    ports: await freePortRange(4),
    reportMs: 20,
    maxFileBytes: 20_000,
    onEvent: (event) => events.push(event),
  });
  const opened = await media.open("a");
  if (!opened.ok) throw new Error(opened.code);
  ({ port } = opened);
  media.configure("a", {
    codec: "PCMA",
    payloadType: 8,
    remoteAddress: "127.0.0.1",
    remotePort: rtp.port,
    remoteRtcpPort: rtcp.port,
    rtcpMux: false,
    direction: "sendrecv",
    hold: "none",
    ptime: 20,
  });
});
afterEach(async () => {
  rtp.close();
  rtcp.close();
  await media.shutdown();
  await rm(folder, { recursive: true });
});

function speak(sequence: number): void {
  const fields = { payloadType: 8, marker: false, sequence, timestamp: sequence * 160, ssrc: phoneSsrc };
  rtp.send(printRtp(fields, new Uint8Array(160)), port);
}

/** The next report of the PBX that fulfils this. */
async function reportWhere(isWanted: (packet: Buffer) => boolean): Promise<Buffer> {
  for (;;) {
    const packet = await rtcp.next();
    if (isWanted(packet)) return packet;
  }
}

describe("RTCP", () => {
  it("reports are sent again and again, to the phone and to the PBX, with the loss of what came", async () => {
    for (const sequence of [1, 2, 4, 5]) speak(sequence);
    const first = await reportWhere((packet) => parseRtcp(packet)?.blocks[0]?.highestSequence === 5);
    expect(parseRtcp(first)?.blocks).toMatchObject([{ ssrc: phoneSsrc, cumulativeLost: 1 }]);
    expect(parseRtcp(await rtcp.next())?.blocks).toMatchObject([
      { ssrc: phoneSsrc, cumulativeLost: 1, fractionLost: 0 },
    ]);
    await eventually(() => events).toContainEqual(expect.objectContaining({ type: "quality", endpointId: "a" }));
    expect(await media.statistics("a")).toMatchObject({ packetsIn: 4, bytesIn: 640, lost: 1 });
  });

  it("who plays sends sender reports; the phone's reports about them give round trip and loss", async () => {
    await media.play("a", "p", { kind: "tone", tone: "beep" });
    const report = await reportWhere((packet) => packet[1] === 200);
    const received = {
      ssrc: parseRtcp(report)?.senderSsrc ?? 0,
      fractionLost: 0,
      cumulativeLost: 3,
      highestSequence: 0,
      jitter: 0,
      lastSr: parseRtcp(report)?.senderNtp ?? 0,
      delaySinceLastSr: 0,
    };
    rtcp.send(printRtcp({ ssrc: phoneSsrc, cname: "a", nowMs: 0, received }), port + 1);
    await eventually(async () => (await media.statistics("a"))?.lostThere).toBe(3);
    speak(1);
    await eventually(() => events.some((event) => event.type === "quality" && event.roundTripMs !== undefined)).toBe(
      true,
    );
    expect((await media.close("a"))?.roundTripMs).toBeGreaterThanOrEqual(0);
  });
});

describe("playing files", () => {
  async function file(bytes: Uint8Array): Promise<string> {
    const path = join(folder, "file.wav");
    await writeFile(path, bytes);
    return path;
  }

  it("is told when it has ended, and forgotten then", async () => {
    const path = await file(writeWav({ sampleRate: 8000, channels: [sineSamples(1000, 800)] }));
    expect(await media.play("a", "p", { kind: "file", path, isLooped: false })).toBe(true);
    await eventually(() => events).toContainEqual({
      type: "playbackFinished",
      playbackId: "p",
      endpointId: "a",
      isComplete: true,
    });
    expect(media.playbacks).toBe(0);
  });

  it.each([
    ["is no WAV", new Uint8Array(100)],
    ["has another sample rate", writeWav({ sampleRate: 44_100, channels: [new Int16Array(10)] })],
    ["is longer than allowed", writeWav({ sampleRate: 8000, channels: [new Int16Array(10_000)] })],
  ])("is refused when the file %s", async (_name, bytes) => {
    const path = await file(bytes);
    expect(await media.play("a", "p", { kind: "file", path, isLooped: false })).toBe(false);
    expect(media.playbacks).toBe(0);
  });

  it("is refused when there is no file", async () => {
    expect(await media.play("a", "p", { kind: "file", path: join(folder, "none.wav"), isLooped: false })).toBe(false);
  });

  it("to an endpoint that is not open ends at once, and is not counted for ever", async () => {
    expect(await media.play("x", "p", { kind: "tone", tone: "busy" })).toBe(true);
    await eventually(() => media.playbacks).toBe(0);
    expect(events).toContainEqual({ type: "playbackFinished", playbackId: "p", endpointId: "x", isComplete: false });
  });
});

describe("the end", () => {
  it("what still waits for an answer has one, and nothing is left", async () => {
    await media.play("a", "p", { kind: "tone", tone: "busy" });
    const waiting = [media.open("b"), media.statistics("a"), media.close("a")] as const;
    await media.shutdown();
    expect(await Promise.all(waiting)).toEqual([{ ok: false, code: "shut_down" }, undefined, undefined]);
    expect([media.size, media.playbacks]).toEqual([0, 0]);
    expect(events.some(({ type }) => type === "workerLost")).toBe(false);
  });

  it("afterwards everything is refused and nothing hangs", async () => {
    await media.shutdown();
    await media.shutdown();
    expect(await media.open("b")).toEqual({ ok: false, code: "shut_down" });
    expect(await media.play("a", "p", { kind: "tone", tone: "busy" })).toBe(false);
    expect(await media.statistics("a")).toBeUndefined();
    expect(media.playbacks).toBe(0);
  });
});
