import fc from "fast-check";
import { expect, test } from "vitest";
import { glareDelayMs } from "./glare.ts";

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test("who made the Call-ID waits 2.1 to 4 s, in steps of 10 ms (RFC 3261 §14.1)", () => {
  expect([glareDelayMs(true, 0), glareDelayMs(true, 0.999_999)]).toEqual([2100, 4000]);
  fc.assert(
    fc.property(random, (value) => {
      const delay = glareDelayMs(true, value);
      expect(delay >= 2100 && delay <= 4000 && delay % 10 === 0).toBe(true);
    }),
  );
});

test("the other one waits 0 to 2 s, in steps of 10 ms", () => {
  expect([glareDelayMs(false, 0), glareDelayMs(false, 0.999_999)]).toEqual([0, 2000]);
  fc.assert(
    fc.property(random, (value) => {
      const delay = glareDelayMs(false, value);
      expect(delay >= 0 && delay <= 2000 && delay % 10 === 0).toBe(true);
    }),
  );
});
