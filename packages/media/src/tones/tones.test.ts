import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { goertzel } from "./goertzel.ts";
import { sineSamples, toneDefinitions, toneSamples } from "./tone.ts";

describe("goertzel", () => {
  it.each([300, 425, 1000, 3400])(
    "finds all of a sine of %i Hz at its frequency and next to nothing 100 Hz beside",
    (frequencyHz) => {
      const sine = sineSamples(frequencyHz, 1600);
      expect(goertzel(sine, frequencyHz)).toBeGreaterThan(0.99);
      expect(goertzel(sine, frequencyHz + 100)).toBeLessThan(0.01);
    },
  );

  it("two equal tones have half of the energy each", () => {
    const other = sineSamples(880, 1600);
    const both = sineSamples(440, 1600).map((sample, index) => sample + (other[index] ?? 0));
    expect(goertzel(both, 440)).toBeCloseTo(0.5, 1);
    expect(goertzel(both, 880)).toBeCloseTo(0.5, 1);
  });

  it("works at another sample rate", () => {
    expect(goertzel(sineSamples(6000, 1600, 0, 0.3, 16_000), 6000, 16_000)).toBeGreaterThan(0.99);
  });

  it("silence, faint noise and no samples at all have no tone", () => {
    expect(goertzel(new Int16Array(800), 440)).toBe(0);
    expect(goertzel(new Int16Array(800).fill(3), 0)).toBe(0);
    expect(goertzel(new Int16Array(), 440)).toBe(0);
  });

  it("is a share between 0 and 1 for any samples", () => {
    const samples = fc.array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 200 });
    fc.assert(
      fc.property(samples, fc.integer({ min: 50, max: 3950 }), (values, frequencyHz) => {
        const share = goertzel(Int16Array.from(values), frequencyHz);
        expect(share).toBeGreaterThanOrEqual(-1e-9);
        expect(share).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("tones", () => {
  it.each([
    ["ringback", 425, 1000, 4000],
    ["busy", 425, 480, 480],
    ["congestion", 425, 240, 240],
  ] as const)("%s is %i Hz, %i ms on and %i ms off (ITU-T E.180 for Germany)", (name, frequencyHz, onMs, offMs) => {
    const samples = toneSamples(toneDefinitions[name]);
    expect(samples).toHaveLength((onMs + offMs) * 8);
    expect(goertzel(samples.subarray(0, onMs * 8), frequencyHz)).toBeGreaterThan(0.95);
    expect(samples.subarray(onMs * 8).every((sample) => sample === 0)).toBe(true);
  });

  it("begins and ends softly and keeps to its level", () => {
    const samples = toneSamples(toneDefinitions.beep);
    expect(Math.abs(samples[1] ?? 0)).toBeLessThan(500);
    expect(Math.abs(samples.at(-1) ?? 0)).toBeLessThan(500);
    const loudest = Math.max(...samples.map(Math.abs));
    expect(loudest).toBeGreaterThan(0.28 * 32_767);
    expect(loudest).toBeLessThanOrEqual(Math.ceil(0.3 * 32_767));
  });

  it("a tone of no length is no samples", () => {
    expect(toneSamples({ frequencyHz: 425, onMs: 0, offMs: 0, level: 0.2 })).toHaveLength(0);
  });

  it("pieces of a sine fit together", () => {
    const pieces = [...sineSamples(440, 100), ...sineSamples(440, 60, 100)];
    expect(pieces).toEqual([...sineSamples(440, 160)]);
  });
});
