import { describe, expect, it } from "vitest";
import { createRandomPool } from "./random-pool.ts";

describe("random bytes", () => {
  it("never come twice, in any size, and stay what they were", () => {
    const take = createRandomPool(64);
    const kept = Array.from({ length: 500 }, (_, index) => take(8 + (index % 80)));
    const texts = kept.map((bytes) => bytes.toString("hex"));
    expect(new Set(texts.map((text) => text.slice(0, 16))).size).toBe(500);
    take(64);
    expect(kept.map((bytes) => bytes.toString("hex"))).toEqual(texts);
    expect(kept.map(({ length }) => length)).toEqual(Array.from({ length: 500 }, (_, index) => 8 + (index % 80)));
  });
});
