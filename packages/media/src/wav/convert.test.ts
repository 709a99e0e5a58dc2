import { describe, expect, it } from "vitest";
import { goertzel } from "../tones/goertzel.ts";
import { sineSamples } from "../tones/tone.ts";
import { convertWav } from "./convert.ts";
import { readWav, writeWav } from "./wav.ts";

const tone = (frequencyHz: number, rate: number): Int16Array => sineSamples(frequencyHz, rate, 0, 0.3, rate);
const limits = { maxMs: 10_000 };

describe("converting what was uploaded", () => {
  it("stereo at 44.1 kHz comes out as both channels in one, at 8 kHz", () => {
    const stereo = writeWav({ sampleRate: 44_100, channels: [tone(500, 44_100), tone(1500, 44_100)] });
    const converted = convertWav(stereo, limits);
    if (!converted.ok) throw new Error(converted.error);
    expect(converted.durationMs).toBe(1000);
    const wav = readWav(converted.bytes);
    if (!wav.ok) throw new Error(wav.error);
    expect([wav.sampleRate, wav.channels.length, wav.channels[0]?.length]).toEqual([8000, 1, 8000]);
    const samples = wav.channels[0] ?? new Int16Array();
    expect(goertzel(samples, 500)).toBeCloseTo(0.5, 1);
    expect(goertzel(samples, 1500)).toBeCloseTo(0.5, 1);
  });

  it("the extensible form of 16-bit PCM is taken, another one in it is not", () => {
    const plain = writeWav({ sampleRate: 8000, channels: [tone(500, 8000)] });
    const extensible = (subFormat: number): Uint8Array => {
      const bytes = new Uint8Array(plain.length + 24);
      bytes.set(plain.subarray(0, 36));
      bytes.set(plain.subarray(36), 60);
      const view = new DataView(bytes.buffer);
      view.setUint32(16, 40, true);
      view.setUint16(20, 0xfffe, true);
      view.setUint16(36, 22, true);
      view.setUint16(44, subFormat, true);
      return bytes;
    };
    expect(convertWav(extensible(1), limits)).toMatchObject({ ok: true, durationMs: 1000 });
    expect(convertWav(extensible(3), limits)).toEqual({ ok: false, error: "unsupported" });
  });

  it.each([
    ["no WAV", new TextEncoder().encode("ID3 and then an MP3 file"), "not_wav"],
    ["nothing in it", writeWav({ sampleRate: 8000, channels: [new Int16Array()] }), "empty"],
    ["too long", writeWav({ sampleRate: 8000, channels: [new Int16Array(88_000)] }), "too_long"],
    ["a rate below telephony", writeWav({ sampleRate: 4000, channels: [new Int16Array(400)] }), "unsupported"],
    ["six channels", writeWav({ sampleRate: 8000, channels: Array(6).fill(new Int16Array(80)) }), "unsupported"],
    ["cut off in its header", writeWav({ sampleRate: 8000, channels: [] }).subarray(0, 30), "truncated"],
  ] as const)("%s is refused", (_name, bytes, error) => {
    expect(convertWav(bytes, limits)).toEqual({ ok: false, error });
  });
});
