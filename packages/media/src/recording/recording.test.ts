import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { goertzel } from "../tones/goertzel.ts";
import { loudnessOf } from "../tones/loudness.ts";
import type { Wav } from "../wav/wav.ts";
import { createRecordingBench, type RecordingBench, speaker } from "./recording-testbench.ts";

let bench: RecordingBench;
beforeEach(async () => {
  bench = await createRecordingBench();
});
afterEach(() => bench.remove());

/** A piece of one channel, in milliseconds. */
function piece({ channels }: Wav, channel: 0 | 1, fromMs: number, toMs: number): Int16Array {
  return (channels[channel] ?? new Int16Array()).slice(fromMs * 8, toMs * 8);
}

const isSilent = (samples: Int16Array): boolean => samples.every((sample) => Math.abs(sample) < 100);

describe("a recording", () => {
  it("[C51] has one party per channel, on one clock: silence until somebody speaks", async () => {
    const left = speaker("left", 440);
    const right = speaker("right", 880, { from: 0xffff_ff00 });
    bench.pass(1000, left);
    bench.pass(1000, left, right);
    bench.pass(1000, right);
    const wav = await bench.finish();
    expect([wav.sampleRate, wav.channels.length, wav.channels[0]?.length]).toEqual([8000, 2, 24_000]);
    expect(goertzel(piece(wav, 0, 0, 2000), 440)).toBeGreaterThan(0.95);
    expect(goertzel(piece(wav, 1, 1000, 3000), 880)).toBeGreaterThan(0.95);
    expect(isSilent(piece(wav, 1, 0, 1000))).toBe(true);
    expect(isSilent(piece(wav, 0, 2000, 3000))).toBe(true);
  });

  it("puts packets where their timestamps say: late ones, exchanged ones; a lost one is silence and moves nothing", async () => {
    const inTime = speaker("right", 440);
    const lossy = speaker("left", 440, { isLost: (packet) => packet === 50 });
    bench.pass(1000, lossy, inTime);
    const waiting: (() => void)[] = [];
    for (let packet = 0; packet < 50; packet += 1) {
      const next = lossy.packet();
      const right = inTime.packet();
      const { recording, nowMs } = bench;
      if (right !== undefined) recording.take("right", { ...inTime, ...right }, nowMs);
      if (next !== undefined) waiting.push(() => recording.take("left", { ...lossy, ...next }, bench.nowMs));
      // They come in bursts of five, the last one first, up to 80 ms late.
      if (waiting.length === 5) for (const take of waiting.splice(0).toReversed()) take();
      bench.nowMs += 20;
      recording.advance(bench.nowMs);
    }
    const wav = await bench.finish();
    expect(isSilent(piece(wav, 0, 1000, 1020))).toBe(true);
    expect(piece(wav, 0, 1020, 1900)).toEqual(piece(wav, 1, 1020, 1900));
  });

  it("[C51] cuts a pause out: neither its voice nor its time", async () => {
    const [left, right] = [speaker("left", 440), speaker("right", 880)];
    bench.pass(1000, left, right);
    bench.recording.setPaused(true, bench.nowMs);
    bench.recording.setPaused(true, bench.nowMs);
    bench.pass(5000, speaker("left", 1200), speaker("right", 1500));
    bench.recording.setPaused(false, bench.nowMs);
    bench.pass(1000, left, right);
    const wav = await bench.finish();
    expect(wav.channels[0]?.length).toBe(16_000);
    for (const [channel, hz] of [
      [0, 440],
      [1, 880],
    ] as const) {
      expect(goertzel(piece(wav, channel, 0, 1000), hz)).toBeGreaterThan(0.95);
      expect(goertzel(piece(wav, channel, 1000, 2000), hz)).toBeGreaterThan(0.95);
      expect(goertzel(piece(wav, channel, 0, 2000), hz === 440 ? 1200 : 1500)).toBeLessThan(0.01);
    }
  });

  it("takes a paused recording's end as the end of what is in it", async () => {
    bench.pass(1000, speaker("left", 440));
    bench.recording.setPaused(true, bench.nowMs);
    bench.pass(3000);
    expect((await bench.finish()).channels[0]?.length).toBe(8000);
    expect(bench.recording.file.durationMs).toBe(1000);
  });

  it("mixes everybody else into the right channel, and goes on when the parties change", async () => {
    const [left, right, third] = [speaker("left", 440), speaker("right", 880), speaker("third", 1200)];
    bench.pass(1000, left, right);
    bench.recording.setParties(
      new Map([
        ["left", 0],
        ["third", 1],
        ["right", 1],
      ]),
      bench.nowMs,
    );
    bench.pass(1000, left, right, third);
    bench.recording.setParties(new Map([["third", 0]]), bench.nowMs);
    bench.pass(1000, left, right, third);
    const wav = await bench.finish();
    expect(wav.channels[0]?.length).toBe(24_000);
    expect(goertzel(piece(wav, 1, 1000, 2000), 880)).toBeGreaterThan(0.4);
    expect(goertzel(piece(wav, 1, 1000, 2000), 1200)).toBeGreaterThan(0.4);
    expect(goertzel(piece(wav, 0, 2000, 3000), 1200)).toBeGreaterThan(0.9);
    expect(isSilent(piece(wav, 1, 2000, 3000))).toBe(true);
  });

  it("decodes G.722 and µ-law to the same loudness, down-sampled", async () => {
    bench.pass(2000, speaker("left", 440, { codec: "G722" }), speaker("right", 880, { codec: "PCMU" }));
    const wav = await bench.finish();
    expect(goertzel(piece(wav, 0, 200, 2000), 440)).toBeGreaterThan(0.95);
    expect(goertzel(piece(wav, 1, 0, 2000), 880)).toBeGreaterThan(0.95);
    const [g722, muLaw] = [loudnessOf(piece(wav, 0, 200, 2000)), loudnessOf(piece(wav, 1, 0, 2000))];
    expect(g722 / muLaw).toBeCloseTo(1, 1);
  });

  it("fails where it cannot decode, instead of recording silence", async () => {
    bench.pass(20, speaker("left", 440, { codec: "opus" }));
    expect(bench.recording.failure).toBe("codec");
    expect((await bench.finish()).channels[0]?.length).toBe(0);
  });

  it("finds its place again when a phone's clock runs away or its time jumps", async () => {
    const before = speaker("left", 440, { ssrc: 7 });
    bench.pass(1000, before);
    bench.pass(2000, speaker("left", 880, { ssrc: 7, from: 5_000_000 }));
    const wav = await bench.finish();
    expect(goertzel(piece(wav, 0, 0, 1000), 440)).toBeGreaterThan(0.95);
    expect(goertzel(piece(wav, 0, 1000, 3000), 880)).toBeGreaterThan(0.95);
  });

  it("follows a phone whose clock is slow by half a percent over minutes", async () => {
    const slow = speaker("left", 440);
    for (let minute = 0; minute < 3; minute += 1) {
      for (let packet = 0; packet < 2985; packet += 1) {
        const next = slow.packet();
        if (next !== undefined) bench.recording.take("left", { ...slow, ...next }, bench.nowMs);
        bench.nowMs += 20.1;
        bench.recording.advance(bench.nowMs);
      }
    }
    const wav = await bench.finish();
    const last = piece(wav, 0, bench.nowMs - 1500, bench.nowMs - 500);
    expect(goertzel(last, 440)).toBeGreaterThan(0.8);
  });
});
