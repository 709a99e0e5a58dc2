import { createSocket } from "node:dgram";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { freePortRange } from "../testing/free-ports.ts";
import { type PortPair, PortPool } from "./port-pool.ts";

const opened: PortPair[] = [];
const pools: PortPool[] = [];
afterEach(() => {
  for (const made of pools.splice(0)) made.close();
  for (const { rtp, rtcp } of opened.splice(0)) {
    rtp.close();
    rtcp.close();
  }
});

async function pool(pairs: number, now: () => number = () => 0, maxIdle = 256) {
  const { min } = await freePortRange(pairs);
  const made = new PortPool({ address: "127.0.0.1", min, max: min + pairs * 2 - 1, now, maxIdle });
  pools.push(made);
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

describe("a pair that came back", () => {
  async function heardBy(pair: PortPair | undefined): Promise<readonly string[]> {
    if (pair === undefined) throw new Error("nothing was taken");
    const heard: string[] = [];
    const last = new Promise<void>((resolve) => {
      pair.rtp.on("message", (packet) => {
        heard.push(packet.toString());
        if (packet.toString() === "new") resolve();
      });
    });
    const sender = createSocket("udp4");
    sender.send("new", pair.port, "127.0.0.1");
    await last;
    sender.close();
    return heard;
  }

  it("stays bound, and is used before one that has to be bound", async () => {
    let nowMs = 1000;
    const { take, give } = await pool(4, () => nowMs);
    const pair = await take();
    give(pair);
    nowMs += 500;
    expect((await take())?.rtp).toBe(pair?.rtp);
  });

  it("brings nothing of its former call to the next one", async () => {
    let nowMs = 1000;
    const { take, give } = await pool(1, () => nowMs);
    const pair = await take();
    const former: string[] = [];
    pair?.rtp.on("message", (packet) => former.push(packet.toString()));
    give(pair);
    nowMs += 500;
    expect(await heardBy(await take())).toEqual(["new"]);
    expect(former).toEqual([]);
  });

  it("is closed where enough are bound already, and bound again when its turn comes", async () => {
    let nowMs = 1000;
    const { take, give, made } = await pool(2, () => nowMs, 1);
    const [first, second] = [await take(), await take()];
    give(first);
    give(second);
    expect(made.free).toBe(2);
    nowMs += 500;
    expect((await take())?.rtp).toBe(first?.rtp);
    const again = await take();
    expect(again?.port).toBe(second?.port);
    expect(again?.rtp).not.toBe(second?.rtp);
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
