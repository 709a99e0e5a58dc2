import { describe, expect, it } from "vitest";
import { quiet, stepThreshold, type Threshold } from "./threshold.ts";

const limits: Threshold = { raiseAt: 5, clearBelow: 2.5, holdMs: 10_000 };

/** What is told of a row of measurements: second and value. */
function told(row: readonly (readonly [number, number | undefined])[]): readonly string[] {
  let state = quiet;
  const heard: string[] = [];
  for (const [second, value] of row) {
    const { isRaised } = state;
    state = stepThreshold(state, value, second * 1000, limits);
    if (state.isRaised !== isRaised) heard.push(`${second} ${isRaised ? "cleared" : "raised"}`);
  }
  return heard;
}

/** A measurement every 5 s from `from` to `to`. */
const steady = (from: number, to: number, value: number | undefined): [number, number | undefined][] =>
  Array.from({ length: (to - from) / 5 + 1 }, (_, index) => [from + index * 5, value]);

describe("[V3] a threshold", () => {
  it.each([
    ["good values", steady(0, 120, 0), []],
    ["a peak that is shorter than 10 s", [...steady(0, 5, 20), ...steady(10, 60, 0)], []],
    ["trouble for 10 s", steady(0, 10, 5), ["10 raised"]],
    ["trouble that goes on", steady(0, 300, 15), ["10 raised"]],
    [
      "peaks with good values between",
      [
        [0, 20],
        [5, 0],
        [10, 20],
        [15, 0],
        [20, 20],
      ],
      [],
    ],
    ["trouble that ends", [...steady(0, 70, 15), ...steady(75, 120, 0)], ["10 raised", "85 cleared"]],
    ["values between both limits once it is raised", [...steady(0, 70, 15), ...steady(75, 300, 3)], ["10 raised"]],
    ["values between both limits before", steady(0, 300, 4.9), []],
    ["nothing to measure any more", [...steady(0, 20, 15), ...steady(25, 90, undefined)], ["10 raised", "35 cleared"]],
    ["nothing to measure, and no trouble", steady(0, 90, undefined), []],
  ] as const)("%s", (_, row, expected) => {
    expect(told(row)).toEqual(expected);
  });
});
