import { expect, test } from "vitest";
import { createPingLimit } from "./ping-limit.ts";

test("600 pings a minute are answered, one more is too many, and the next minute counts anew", () => {
  let nowMs = 0;
  const mayPing = createPingLimit(() => nowMs);
  for (let count = 0; count < 600; count += 1) expect(mayPing()).toBe(true);
  expect(mayPing()).toBe(false);
  nowMs = 60_000;
  expect(mayPing()).toBe(true);
});
