import { describe, expect, it } from "vitest";
import { holdMusicSamples } from "./hold-music.ts";
import { loudnessOf } from "./loudness.ts";

describe("hold music", () => {
  it("is 16 s, made once, in memory that threads share", () => {
    const music = holdMusicSamples();
    expect(music).toHaveLength(16 * 8000);
    expect(holdMusicSamples()).toBe(music);
    expect(music.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it("is never silent for a quarter of a second and never clips", () => {
    const music = holdMusicSamples();
    for (let at = 0; at < music.length; at += 2000)
      expect(loudnessOf(music.subarray(at, at + 2000))).toBeGreaterThan(500);
    expect(music.reduce((most, value) => Math.max(most, Math.abs(value)), 0)).toBeLessThan(20_000);
  });

  it("has no click where it begins again", () => {
    const music = holdMusicSamples();
    const steps = music.subarray(1).map((value, index) => Math.abs(value - (music[index] ?? 0)));
    const widest = steps.reduce((most, step) => Math.max(most, step), 0);
    expect(Math.abs((music[0] ?? 0) - (music.at(-1) ?? 0))).toBeLessThanOrEqual(widest);
  });
});
