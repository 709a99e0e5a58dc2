import { describe, expect, it } from "vitest";
import { refreshDelayMs, retryDelayMs } from "./registration-delay.ts";

describe("[V4] [O4] back-off of a registration", () => {
  it.each([
    [1, 5],
    [2, 10],
    [3, 20],
    [6, 160],
    [7, 300],
    [1000, 300],
  ])("after failure %i in a row it waits %i s, and up to a quarter more", (failures, seconds) => {
    expect(retryDelayMs(failures, 0)).toBe(seconds * 1000);
    expect(retryDelayMs(failures, 0.999)).toBeGreaterThan(seconds * 1200);
    expect(retryDelayMs(failures, 0.999)).toBeLessThan(seconds * 1250);
  });

  it("waits a minute at least after a refused password, and what the far side asks for within 5 min", () => {
    expect(retryDelayMs(1, 0, { isRefused: true })).toBe(60_000);
    expect(retryDelayMs(5, 0, { isRefused: true })).toBe(300_000);
    expect(retryDelayMs(1, 0, { retryAfterSeconds: 120 })).toBe(120_000);
    expect(retryDelayMs(1, 0, { retryAfterSeconds: 86_400 })).toBe(300_000);
  });

  it.each([
    [3600, 2880],
    [300, 240],
    [60, 48],
    [30, 20],
    [10, 5],
  ])("a registration of %i s is renewed after %i s", (granted, seconds) => {
    expect(refreshDelayMs(granted)).toBe(seconds * 1000);
  });
});
