import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attemptLimit, backoffMs, retryAfterMs, withinLimit } from "./backoff.ts";
import { renewalDelayMs, renewalRetryMs } from "./token-life.ts";

describe("waiting times", () => {
  it("[S10] grows 1, 2, 4, 8 … 30 s with full jitter and never goes under 0.1 s", () => {
    expect([1, 2, 3, 4, 5, 6, 40].map((attempt) => backoffMs(attempt, () => 1))).toEqual([
      1000, 2000, 4000, 8000, 16_000, 30_000, 30_000,
    ]);
    expect([1, 6].map((attempt) => backoffMs(attempt, () => 0))).toEqual([100, 100]);
    expect(backoffMs(6, () => 1, 5000)).toBe(5000);
  });

  it("[S10] allows twelve attempts in any minute", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 20, maxLength: 60 }), (gaps) => {
        const starts: number[] = [];
        let now = 0;
        for (const gap of gaps) {
          now = withinLimit(now + gap, starts);
          starts.push(now);
        }
        const most = Math.max(
          ...starts.map((at) => starts.filter((other) => other >= at && other < at + 60_000).length),
        );
        expect(most).toBeLessThanOrEqual(attemptLimit);
      }),
    );
  });

  it("[S11] adds up to half to the server's own number", () => {
    expect([retryAfterMs(4, () => 0), retryAfterMs(4, () => 1)]).toEqual([4000, 6000]);
  });

  it("[S13] renews at half the life of a short token, a minute or ten before the end of a longer one", () => {
    const seconds = (life: number): number => renewalDelayMs(life * 1000, () => 1) / 1000;
    expect([60, 120, 900, 36_000].map(seconds)).toEqual([30, 60, 810, 35_400]);
    expect([1, 2, 3, 4, 9].map(renewalRetryMs)).toEqual([1000, 2000, 4000, 8000, 8000]);
  });
});
