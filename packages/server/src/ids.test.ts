import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createUuidV7 } from "./ids.ts";

describe("ids", () => {
  it("are UUIDs of version 7 that begin with the time", () => {
    const newId = createUuidV7({ now: () => 0x0123_4567_89ab, randomBytes });
    for (let count = 0; count < 300; count += 1) {
      expect(newId()).toMatch(/^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });

  it("count up within a millisecond, over its end, and when the clock jumps back", () => {
    let nowMs = 1_700_000_000_000;
    const newId = createUuidV7({ now: () => nowMs, randomBytes });
    const ids = Array.from({ length: 10_000 }, (_, index) => {
      if (index === 3000) nowMs += 5;
      if (index === 6000) nowMs -= 60_000;
      return newId();
    });
    expect(ids).toEqual(ids.toSorted());
    expect(new Set(ids).size).toBe(10_000);
  });

  it("take every random byte once, in order", () => {
    let next = 0;
    const newId = createUuidV7({
      now: () => 1,
      randomBytes: (size) => Uint8Array.from({ length: size }, () => next++ & 0xff),
    });
    // The first byte is where the counter begins; of the next, two bits are the variant's.
    expect(newId()).toBe("00000000-0001-7000-8102-030405060708");
    expect(newId()).toBe("00000000-0001-7001-890a-0b0c0d0e0f10");
  });
});
