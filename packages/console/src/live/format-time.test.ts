import { expect, it } from "vitest";
import { formatElapsed, formatWhen } from "./format-time.ts";

it("[U24] shows minutes and seconds, hours only where there are some, and nothing negative", () => {
  expect(formatElapsed(0)).toBe("0:00");
  expect(formatElapsed(65_900)).toBe("1:05");
  expect(formatElapsed(3_661_000)).toBe("1:01:01");
  expect(formatElapsed(-5000)).toBe("0:00");
});

it("shows the date only of other days", () => {
  const now = Date.parse("2026-03-04T12:00:00");
  expect(formatWhen("2026-03-04T09:05:00", "de", now)).toBe("09:05");
  expect(formatWhen("2026-03-03T09:05:00", "de", now)).toMatch(/^03\.03\.?, 09:05$/);
});
