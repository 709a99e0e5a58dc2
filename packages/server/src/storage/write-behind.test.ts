import { createManualScheduler } from "@pbx-x/telephony/fake";
import { describe, expect, it } from "vitest";
import { WriteBehind } from "./write-behind.ts";

function setUp(batch = 500) {
  const scheduler = createManualScheduler();
  const writes: (readonly (readonly [string, number | undefined])[])[] = [];
  const errors: unknown[] = [];
  const bad = new Set(["bad"]);
  const buffer = new WriteBehind<number>({
    scheduler,
    batch,
    write: async (entries) => {
      writes.push(entries);
      if (entries.some(([key]) => bad.has(key))) throw new Error("disk full");
    },
    onError: (error) => errors.push(error),
  });
  return { scheduler, writes, errors, bad, buffer };
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

  it("go out in pieces; a failure is told, and the rest comes first the next time", async () => {
    const { writes, errors, buffer } = setUp(1);
    for (const key of ["a", "bad", "c"]) buffer.put(key, 1);
    await buffer.flush();
    expect([writes.length, errors.length]).toEqual([2, 1]);
    await buffer.flush();
    expect(writes.map(([entry]) => entry?.[0])).toEqual(["a", "bad", "c", "bad"]);
  });

  it("[C4] what could not be written is written later; a newer value of its key wins", async () => {
    const { scheduler, writes, bad, buffer } = setUp();
    buffer.put("bad", 1);
    buffer.put("b", 1);
    await buffer.flush();
    expect(buffer.hasFailed).toBe(true);
    buffer.put("bad", 2);
    bad.clear();
    await buffer.flush();
    expect(writes.at(-1)).toEqual([
      ["bad", 2],
      ["b", 1],
    ]);
    expect([buffer.hasFailed, scheduler.pending()]).toEqual([false, 0]);
  });

  it("what could not be written is tried again by itself", async () => {
    const { scheduler, writes, bad, buffer } = setUp();
    buffer.put("bad", 1);
    await buffer.flush();
    bad.clear();
    scheduler.advance(5000);
    await buffer.flush();
    expect(writes).toEqual([[["bad", 1]], [["bad", 1]]]);
    expect(buffer.hasFailed).toBe(false);
  });

  it("two turns at once: what failed in the first never overwrites what the second has written", async () => {
    const { writes, bad, buffer } = setUp();
    buffer.put("bad", 1);
    const first = buffer.flush();
    await Promise.resolve();
    buffer.put("bad", 2);
    const second = buffer.flush();
    await first;
    bad.clear();
    await second;
    await buffer.flush();
    expect(writes.at(-1)).toEqual([["bad", 2]]);
    expect(buffer.hasFailed).toBe(false);
  });
});
