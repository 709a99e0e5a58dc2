import fc from "fast-check";
import { expect, it } from "vitest";
import { Playback } from "./playback.ts";

it("gives its samples in frames of 160, the last one filled up with silence, and is finished then", () => {
  const playback = new Playback(
    "p",
    Int16Array.from({ length: 200 }, () => 5),
    false,
  );
  expect([...playback.nextFrame()].every((sample) => sample === 5)).toBe(true);
  expect(playback.isFinished).toBe(false);
  expect([...playback.nextFrame()].filter((sample) => sample === 5)).toHaveLength(40);
  expect(playback.isFinished).toBe(true);
  expect(playback.nextFrame()).toEqual(new Int16Array(160));
});

it("a loop goes round without a gap, whatever its length", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 10 }), (length, frames) => {
      const playback = new Playback(
        "p",
        Int16Array.from({ length }, (_, index) => index),
        true,
      );
      const heard = Array.from({ length: frames }, () => [...playback.nextFrame()]).flat();
      expect(heard).toEqual(heard.map((_, index) => index % length));
      expect(playback.isFinished).toBe(false);
    }),
  );
});

it.each([true, false])("no samples at all are finished at once, looped or not (%s)", (isLooped) => {
  expect(new Playback("p", new Int16Array(), isLooped).isFinished).toBe(true);
});
