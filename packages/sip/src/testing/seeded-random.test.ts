import { expect, test } from "vitest";
import { createSeededRandom } from "./seeded-random.ts";

test("the same seed gives the same numbers, neighbours give others", () => {
  const take = (seed: number): readonly number[] => {
    const random = createSeededRandom(seed);
    return Array.from({ length: 20 }, () => random.next());
  };
  expect(take(1)).toEqual(take(1));
  const firsts = Array.from({ length: 1000 }, (_, seed) => take(seed)[0]);
  expect(new Set(firsts).size).toBe(1000);
});

test("the numbers are spread evenly over 0 to 1", () => {
  const random = createSeededRandom(42);
  const counts = Array<number>(10).fill(0);
  for (let count = 0; count < 10_000; count += 1) {
    const at = Math.floor(random.next() * 10);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  expect(counts.every((count) => count > 850 && count < 1150)).toBe(true);
});

test("texts are 16 hexadecimal digits and do not repeat", () => {
  const random = createSeededRandom(0);
  const texts = Array.from({ length: 1000 }, () => random.text());
  expect(texts.every((text) => /^[0-9a-f]{16}$/.test(text))).toBe(true);
  expect(new Set(texts).size).toBe(1000);
});
