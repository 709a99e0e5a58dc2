import { describe, expect, it } from "vitest";
import {
  decideDelivery,
  type DeliveryOutcome,
  type DeliveryTrouble,
  type DeliveryVerdict,
  nextDelayMs,
} from "./webhook-decision.ts";

const hour = 3600_000;
const nowMs = 100 * hour;
const limits = { maxAttempts: 3, switchOffAfterMs: 24 * hour };
const refused: DeliveryOutcome = { kind: "failed", reason: "connect ECONNREFUSED" };
const answered = (status: number, retryAfterSeconds?: number): DeliveryOutcome => ({
  kind: "answered",
  status,
  ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
});

const table: readonly (readonly [string, DeliveryOutcome, DeliveryTrouble, DeliveryVerdict])[] = [
  ["200 is taken", answered(200), { attempts: 2, failingSinceMs: 0 }, { kind: "delivered" }],
  ["299 is taken", answered(299), { attempts: 0 }, { kind: "delivered" }],
  [
    "500 is tried again",
    answered(500),
    { attempts: 0 },
    { kind: "retry", delayMs: 1000, attempts: 1, reason: "status 500" },
  ],
  [
    "no connection is tried again, later each time",
    refused,
    { attempts: 1, failingSinceMs: nowMs - 1000 },
    { kind: "retry", delayMs: 2000, attempts: 2, reason: "connect ECONNREFUSED" },
  ],
  [
    "Retry-After is kept",
    answered(429, 60),
    { attempts: 0 },
    { kind: "retry", delayMs: 60_000, attempts: 1, reason: "status 429" },
  ],
  [
    "a redirect is no delivery",
    answered(302),
    { attempts: 0 },
    { kind: "retry", delayMs: 1000, attempts: 1, reason: "status 302: redirects are not followed" },
  ],
  [
    "the last try makes a dead letter",
    answered(400),
    { attempts: 2, failingSinceMs: nowMs - 3000 },
    { kind: "dead", attempts: 3, reason: "status 400" },
  ],
  ["410 ends it at once", answered(410), { attempts: 0 }, { kind: "switchOff", why: "gone", reason: "status 410" }],
  [
    "failing for just under the limit goes on",
    answered(503),
    { attempts: 0, failingSinceMs: nowMs - 24 * hour + 1 },
    { kind: "retry", delayMs: 1000, attempts: 1, reason: "status 503" },
  ],
  [
    "failing for long ends it, before the message is given up",
    answered(503),
    { attempts: 2, failingSinceMs: nowMs - 24 * hour },
    { kind: "switchOff", why: "failing", reason: "status 503" },
  ],
];

describe("what follows from a try", () => {
  it.each(table)("[R43] [R44] %s", (_name, outcome, trouble, verdict) => {
    expect(decideDelivery(outcome, trouble, { nowMs, random: 0, limits })).toEqual(verdict);
  });

  it.each([
    [1, 0, 0, 1000],
    [1, 0.5, 0, 1125],
    [2, 0, 0, 2000],
    [5, 0, 0, 16_000],
    [11, 0, 0, 1_024_000],
    [13, 0, 0, hour],
    [400, 0, 0, hour],
    [400, 0.99, 0, Math.round(hour * 1.2475)],
    [1, 0, 5000, 5000],
    [1, 0, 30 * hour, hour],
  ])("[R43] after %d failures with random %d, asked for %d ms: %d ms", (failures, random, askedMs, delayMs) => {
    expect(nextDelayMs(failures, random, askedMs)).toBe(delayMs);
  });
});
