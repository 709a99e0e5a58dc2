import { createSocket } from "node:dgram";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { freePortRange } from "../testing/free-ports.ts";
import { type PortPair, PortPool } from "./port-pool.ts";

const opened: PortPair[] = [];
afterEach(() => {
  for (const { rtp, rtcp } of opened.splice(0)) {
    rtp.close();
    rtcp.close();
  }
});

async function pool(pairs: number, now: () => number = () => 0) {
  const { min } = await freePortRange(pairs);
  const made = new PortPool({ address: "127.0.0.1", min, max: min + pairs * 2 - 1, now });
  const take = async (): Promise<PortPair | undefined> => {
    const pair = await made.take();
    if (pair !== undefined) opened.push(pair);
    return pair;
  };
  const give = (pair: PortPair | undefined): void => {
    if (pair === undefined) throw new Error("nothing was taken");
    opened.splice(opened.indexOf(pair), 1);
    made.give(pair);
  };
  return { made, min, take, give };
}

describe("pairs", () => {
  it("are bound at an even port and the odd one above (RFC 3550 section 11)", async () => {
    const { min, take } = await pool(2);
    const pair = await take();
    expect(pair?.port).toBe(min);
    expect([pair?.rtp.address().port, pair?.rtcp.address().port]).toEqual([min, min + 1]);
  });

  it.each([
    [10_000, 10_003, 2],
    [10_001, 10_004, 1],
    [10_001, 10_005, 2],
    [10_000, 10_000, 0],
    [10_001, 10_002, 0],
  ])("there are as many of them from %i to %i as fit: %i", (min, max, count) => {
    expect(new PortPool({ address: "127.0.0.1", min, max, now: () => 0 }).free).toBe(count);
  });

  it("all different, also when taken at the same time", async () => {
    const { take } = await pool(4);
    const pairs = await Promise.all([take(), take(), take(), take()]);
    expect(new Set(pairs.map((pair) => pair?.port)).size).toBe(4);
  });
});

describe("a used-up pool", () => {
  it("has nothing more to give", async () => {
    const { take, made } = await pool(2);
    await take();
    await take();
    expect(await take()).toBeUndefined();
    expect(made.free).toBe(0);
  });

  it("a pair that came back is used again after half a second", async () => {
    let nowMs = 1000;
    const { take, give } = await pool(1, () => nowMs);
    const pair = await take();
    give(pair);
    nowMs += 499;
    expect(await take()).toBeUndefined();
    nowMs += 1;
    expect((await take())?.port).toBe(pair?.port);
  });

  it("the pair unused for longest comes first", async () => {
    let nowMs = 1000;
    const { take, give } = await pool(2, () => nowMs);
    const [first, second] = [await take(), await take()];
    give(second);
    give(first);
    nowMs += 1000;
    expect((await take())?.port).toBe(second?.port);
  });
});

describe("a port that another program holds", () => {
  it.each([0, 1])("is passed over, and its neighbour with it (offset %i)", async (offset) => {
    const { min, take } = await pool(2);
    const other = createSocket("udp4");
    other.bind(min + offset, "127.0.0.1");
    await once(other, "listening");
    expect((await take())?.port).toBe(min + 2);
    other.close();
  });

  it("is tried again later and does not stand in the way of those that are free", async () => {
    let nowMs = 1000;
    const { min, take, give } = await pool(2, () => nowMs);
    const other = createSocket("udp4");
    other.bind(min, "127.0.0.1");
    await once(other, "listening");
    const pair = await take();
    give(pair);
    nowMs += 600;
    expect((await take())?.port).toBe(pair?.port);
    other.close();
    await once(other, "close");
    nowMs += 1000;
    expect((await take())?.port).toBe(min);
  });
});
