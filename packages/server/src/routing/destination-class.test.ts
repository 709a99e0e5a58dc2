import { describe, expect, it } from "vitest";
import { classOf } from "./destination-class.ts";

describe("classes of outside numbers", () => {
  it.each([
    ["+49301234567", "national"],
    ["+491701234567", "mobile"],
    ["+4915112345678", "mobile"],
    ["+498001234567", "freephone"],
    ["+491801234567", "service"],
    ["+499001234567", "premium"],
    ["+491371234567", "premium"],
    ["+491033030123", "premium"],
    ["+43112345", "international"],
    ["+8821234567", "premium"],
    ["+80012345678", "freephone"],
    ["+19001234567", "premium"],
    ["+12125550100", "international"],
    ["115", "service"],
    ["116117", "freephone"],
    ["11833", "premium"],
    ["*21#", "unknown"],
    ["1234567", "unknown"],
  ])("[G10] %s is %s in Germany", (number, expected) => {
    expect(classOf(number, "49")).toBe(expected);
  });

  it("[G10] own prefixes count before the built-in ones, the longest first", () => {
    const own = [
      { prefix: "+43", class: "national" },
      { prefix: "+43900", class: "premium" },
    ] as const;
    expect(classOf("+43112345", "49", own)).toBe("national");
    expect(classOf("+43900123", "49", own)).toBe("premium");
    expect(classOf("+499001", "49", [{ prefix: "+49", class: "national" }])).toBe("national");
  });

  it("[G10] elsewhere, Germany is abroad", () => {
    expect(classOf("+49301234567", "43")).toBe("international");
    expect(classOf("+43112345", "43")).toBe("national");
  });
});
