import { describe, expect, it } from "vitest";
import { quiet, stepThreshold, type Threshold } from "./threshold.ts";

const limits: Threshold = { raiseAt: 5, clearBelow: 2.5, holdMs: 10_000, intervalMs: 60_000 };

/** What is told of a row of measurements: second and value. */
function told(row: readonly (readonly [number, number | undefined])[]): readonly string[] {
  let state = quiet;
  const heard: string[] = [];
  for (const [second, value] of row) {
    const step = stepThreshold(state, value, second * 1000, limits);
    state = step.state;
    if (step.tell !== undefined) heard.push(`${second} ${step.tell}`);
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
    [
      "an end within the minute, told when that is over",
      [...steady(0, 15, 15), ...steady(20, 90, 0)],
      ["10 raised", "70 cleared"],
    ],
    [
      "trouble that comes and goes, at most once a minute",
      [...steady(0, 20, 15), ...steady(25, 80, 0), ...steady(85, 100, 15), ...steady(105, 200, 15)],
      ["10 raised", "70 cleared", "130 raised"],
    ],
    [
      "trouble that is gone before its minute",
      [...steady(0, 15, 15), ...steady(20, 30, 0), ...steady(35, 200, 15)],
      ["10 raised"],
    ],
    ["nothing to measure any more", [...steady(0, 20, 15), ...steady(25, 90, undefined)], ["10 raised", "70 cleared"]],
    ["nothing to measure, and no trouble", steady(0, 90, undefined), []],
  ] as const)("%s", (_, row, expected) => {
    expect(told(row)).toEqual(expected);
  });
});
