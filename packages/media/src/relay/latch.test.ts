import { beforeEach, describe, expect, it } from "vitest";
import { Latch } from "./latch.ts";

const described = { address: "192.0.2.9", port: 4000 } as const;
const nat = { address: "203.0.113.5", port: 61_000 } as const;
const thief = { address: "198.51.100.66", port: 5004 } as const;
type Place = { readonly address: string; readonly port: number };

let latch: Latch;
let nowMs: number;
beforeEach(() => {
  latch = new Latch();
  latch.expect(described.address, described.port);
  nowMs = 1_000_000;
});

/** Packets of 20 ms; which of them are taken. */
function packets(from: Place, ssrc: number, count: number): readonly boolean[] {
  return Array.from({ length: count }, () => {
    nowMs += 20;
    return latch.admit(from.address, from.port, ssrc, nowMs);
  });
}

describe("who may latch", () => {
  it("the address of the description at once", () => {
    expect(latch.current).toBeUndefined();
    expect(packets(described, 1, 1)).toEqual([true]);
    expect(latch.current).toEqual(described);
  });

  it("its address with another port at once, as long as nothing else is latched", () => {
    expect(packets({ ...described, port: 4444 }, 1, 1)).toEqual([true]);
  });

  it("another address after five packets of one stream", () => {
    expect(packets(nat, 1, 6)).toEqual([false, false, false, false, true, true]);
    expect(latch.current).toEqual(nat);
  });

  it("[C19] nobody at port 0, to which nothing can be sent: neither the address of the description nor a stranger", () => {
    expect(packets({ ...described, port: 0 }, 1, 1)).toEqual([false]);
    expect(packets({ ...nat, port: 0 }, 1, 10)).not.toContain(true);
    expect(latch.current).toBeUndefined();
  });

  it("packets of several sources do not add up", () => {
    for (let turn = 0; turn < 10; turn += 1) {
      expect(packets(nat, 1, 1)).toEqual([false]);
      expect(packets(thief, 2, 1)).toEqual([false]);
    }
    expect(latch.current).toBeUndefined();
  });

  it("packets of one source with changing streams do not add up", () => {
    expect(Array.from({ length: 20 }, (_, ssrc) => packets(nat, ssrc, 1)[0])).not.toContain(true);
  });
});

describe("who may take over", () => {
  it("nobody while the source speaks, however long they try", () => {
    packets(nat, 1, 5);
    for (let turn = 0; turn < 500; turn += 1) {
      expect(packets(nat, 1, 1)).toEqual([true]);
      expect(packets(thief, 2, 1)).toEqual([false]);
    }
    expect(latch.current).toEqual(nat);
  });

  it("a stranger only after 2 s of silence, and after five packets", () => {
    packets(nat, 1, 5);
    expect(packets(thief, 2, 100)).not.toContain(true);
    expect(packets(thief, 2, 5)).toEqual([false, false, false, false, true]);
  });

  it("the same stream from a new port at once: a NAT that changed its mind", () => {
    packets(nat, 77, 5);
    expect(packets({ ...nat, port: 61_001 }, 77, 1)).toEqual([true]);
    expect(latch.current?.port).toBe(61_001);
  });

  it("the same SSRC from another address does not", () => {
    packets(nat, 77, 5);
    expect(packets(thief, 77, 5)).not.toContain(true);
  });

  it("the source may change its SSRC", () => {
    packets(nat, 1, 5);
    expect(packets(nat, 2, 1)).toEqual([true]);
  });

  it("address and port of the description, from whoever was there before", () => {
    packets(nat, 1, 5);
    expect(packets(described, 2, 1)).toEqual([true]);
    expect(packets(nat, 1, 5)).not.toContain(true);
  });
});

describe("a new description", () => {
  const moved = { address: "192.0.2.10", port: 7000 } as const;

  it("with the same address and port changes nothing", () => {
    packets(nat, 1, 5);
    latch.expect(described.address, described.port);
    expect(latch.current).toEqual(nat);
  });

  it.each([
    ["another address", moved],
    ["another port", { ...described, port: 7000 }],
  ])("with %s: voice goes there before anything has come from there", (_name, to) => {
    packets(described, 1, 5);
    latch.expect(to.address, to.port);
    expect(latch.current).toBeUndefined();
  });

  it("the new source is taken at once, even while the former one still speaks", () => {
    packets(described, 1, 5);
    latch.expect(moved.address, moved.port);
    expect(packets(described, 1, 5)).toEqual([false, false, false, false, true]);
    expect(packets(moved, 2, 1)).toEqual([true]);
    expect(packets(described, 1, 50)).not.toContain(true);
  });
});
