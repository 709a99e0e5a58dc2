import { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { clientAddress } from "./client-address.ts";

const socketFrom = (remoteAddress: string | undefined): Socket =>
  Object.defineProperty(new Socket(), "remoteAddress", { value: remoteAddress });

describe("client address", () => {
  it.each([
    ["203.0.113.7", "203.0.113.5", "203.0.113.7"],
    ["127.0.0.1", "203.0.113.5", "203.0.113.5"],
    ["::ffff:127.0.0.1", "198.51.100.1, 203.0.113.5, 127.0.0.1", "203.0.113.5"],
    ["::1", " , ", "::1"],
    ["::1", undefined, "::1"],
    [undefined, "203.0.113.5", ""],
  ])("[R3] connected from %s, told %s: %s", (remoteAddress, forwarded, address) => {
    const headers = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
    expect(clientAddress({ socket: socketFrom(remoteAddress), headers })).toBe(address);
  });
});
