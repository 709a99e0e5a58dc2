import { describe, expect, it } from "vitest";
import { matchesPattern, parsePattern } from "./number-pattern.ts";

function fits(text: string, number: string): boolean {
  const parsed = parsePattern(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return matchesPattern(parsed.pattern, number);
}

describe("patterns of numbers", () => {
  it.each([
    ["200", "200", true],
    ["200", "2000", false],
    ["2XX", "299", true],
    ["2xx", "2a9", false],
    ["ZXX", "012", false],
    ["NXX", "199", false],
    ["NXX", "299", true],
    ["[1-5]0", "50", true],
    ["[1-5]0", "60", false],
    ["[13-5]0", "30", true],
    ["[13-5]0", "20", false],
    ["0.", "0", false],
    ["0.", "0301234567", true],
    [".", "1", true],
    [".", "", false],
    ["+49.", "+49301", true],
    ["+49.", "0049301", false],
    ["*21*.", "*21*030", true],
    ["030 / 123-45 XX", "0301234567", true],
    ["(030) 1.", "03012", true],
  ])("[G1] %s and %s: %s", (pattern, number, expected) => {
    expect(fits(pattern, number)).toBe(expected);
  });

  it.each([
    ["", "is empty"],
    ["  ", "is empty"],
    ["0.1", 'something after the "." at place 2'],
    ["[1-5", 'a "[" at place 1 that is not closed'],
    ["0[5-1]", "in the brackets at place 2"],
    ["[]", "in the brackets at place 1"],
    ["12a", '"a" at place 3; allowed are digits'],
    ["1".repeat(65), "longer than 64"],
  ])("[G1] %j is refused with what is wrong", (pattern, message) => {
    const parsed = parsePattern(pattern);
    expect(parsed.ok ? "" : parsed.message).toContain(message);
  });
});
