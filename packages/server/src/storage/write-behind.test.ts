import { createManualScheduler } from "@pbx-x/telephony/fake";
import { describe, expect, it } from "vitest";
import { WriteBehind } from "./write-behind.ts";

function setUp(batch = 500) {
  const scheduler = createManualScheduler();
  const writes: (readonly (readonly [string, number | undefined])[])[] = [];
  const errors: unknown[] = [];
  const buffer = new WriteBehind<number>({
    scheduler,
    batch,
    write: async (entries) => {
      writes.push(entries);
      if (entries.some(([key]) => key === "bad")) throw new Error("disk full");
    },
    onError: (error) => errors.push(error),
  });
  return { scheduler, writes, errors, buffer };
}

describe("writes that may wait", () => {
  it("become one, with the last value of each key", async () => {
    const { scheduler, writes, buffer } = setUp();
    buffer.put("a", 1);
    buffer.put("a", 2);
    buffer.put("b", undefined);
    expect(writes).toEqual([]);
    scheduler.advance(200);
    await buffer.flush();
    expect(writes).toEqual([
      [
        ["a", 2],
        ["b", undefined],
      ],
    ]);
  });

  it("go out in pieces; a failure is told and the rest is written", async () => {
    const { writes, errors, buffer } = setUp(1);
    for (const key of ["a", "bad", "c"]) buffer.put(key, 1);
    await buffer.flush();
    expect([writes.length, errors.length]).toEqual([3, 1]);
  });
});
