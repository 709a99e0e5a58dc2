import { describe, expect, it } from "vitest";
import { goertzel } from "../tones/goertzel.ts";
import { loudnessOf } from "../tones/loudness.ts";
import { sineSamples } from "../tones/tone.ts";
import { resample } from "./resample.ts";

const sine = (frequencyHz: number, rate: number): Int16Array => sineSamples(frequencyHz, rate, 0, 0.3, rate);

describe("resampling", () => {
  it.each([8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000])(
    "a tone of %i Hz sampling comes out at 8 kHz with its frequency, length and level",
    (rate) => {
      const out = resample(sine(1000, rate), rate, 8000);
      expect(out).toHaveLength(8000);
      expect(goertzel(out, 1000)).toBeGreaterThan(0.99);
      expect(loudnessOf(out) / loudnessOf(sine(1000, 8000))).toBeCloseTo(1, 1);
    },
  );

  it("what is too high for the new rate is left out, not folded back", () => {
    const out = resample(sine(7000, 44_100), 44_100, 8000);
    expect(loudnessOf(out.subarray(400, 7600))).toBeLessThan(50);
  });

  it("the highest tones of a telephone stay", () => {
    expect(goertzel(resample(sine(3400, 48_000), 48_000, 8000), 3400)).toBeGreaterThan(0.99);
  });

  it("a lower rate comes out higher", () => {
    expect(goertzel(resample(sine(440, 8000), 8000, 16_000), 440, 16_000)).toBeGreaterThan(0.99);
  });

  it("full scale does not run over, and nothing is nothing", () => {
    const square = Int16Array.from({ length: 4410 }, (_, index) =>
      Math.floor(index / 50) % 2 === 0 ? 32_767 : -32_768,
    );
    const out = resample(square, 44_100, 8000);
    expect(Math.max(...out)).toBeLessThanOrEqual(32_767);
    expect(Math.min(...out)).toBeGreaterThanOrEqual(-32_768);
    expect(resample(new Int16Array(), 44_100, 8000)).toHaveLength(0);
  });
});
