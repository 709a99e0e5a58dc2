import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compactNtp, type OwnReport, parseRtcp, printRtcp, roundTripMs } from "./rtcp.ts";

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ""), "hex"));
const hex = (data: Uint8Array): string => Buffer.from(data).toString("hex");

const block = { ssrc: 0x0b0b_0b0b, fractionLost: 64, cumulativeLost: 5, highestSequence: 0x1_0002, jitter: 33 };
const timing = { lastSr: 0xb705_2000, delaySinceLastSr: 0x5_4000 };
/** 1 Jan 2000 and a half second: NTP second 3155673600. */
const nowMs = Date.UTC(2000, 0, 1) + 500;

describe("printing RTCP", () => {
  it("a sender report with a block and the CNAME, in the layout of RFC 3550 section 6.4.1", () => {
    const packet = printRtcp({
      ssrc: 0x0a0a_0a0a,
      cname: "pbx-x",
      nowMs,
      sent: { timestamp: 160, packets: 7, bytes: 1120 },
      received: { ...block, ...timing },
    });
    expect(hex(packet)).toBe(
      [
        ["81c8000c", "0a0a0a0a", "bc17c200", "80000000", "000000a0", "00000007", "00000460"],
        ["0b0b0b0b", "40000005", "00010002", "00000021", "b7052000", "00054000"],
        ["81ca0003", "0a0a0a0a", "0105", hex(new TextEncoder().encode("pbx-x")), "00"],
      ]
        .flat()
        .join(""),
    );
  });

  it("a receiver report of who has sent nothing", () => {
    const packet = printRtcp({ ssrc: 1, cname: "pbx-x", nowMs, received: { ...block, ...timing } });
    expect(hex(packet.subarray(0, 8))).toBe("81c9000700000001");
  });

  it("an empty receiver report of who has neither sent nor received", () => {
    expect(hex(printRtcp({ ssrc: 1, cname: "x", nowMs }))).toBe(
      ["80c90001", "00000001", "81ca0002", "00000001", "01017800"].join(""),
    );
  });

  it("the item list ends with a zero and on a word, whatever the length of the name", () => {
    for (let length = 0; length < 12; length += 1) {
      const packet = printRtcp({ ssrc: 1, cname: "n".repeat(length), nowMs });
      expect(packet.length % 4).toBe(0);
      expect(packet.at(-1)).toBe(0);
      expect(new DataView(packet.buffer).getUint16(10)).toBe((packet.length - 8) / 4 - 1);
    }
  });

  it("a cumulative loss below zero is written in 24 bits of two's complement", () => {
    const packet = printRtcp({ ssrc: 1, cname: "x", nowMs, received: { ...block, ...timing, cumulativeLost: -2 } });
    expect(hex(packet.subarray(12, 16))).toBe("40fffffe");
    expect(parseRtcp(packet)?.blocks[0]).toMatchObject({ fractionLost: 64, cumulativeLost: -2 });
  });
});

describe("parsing RTCP", () => {
  it("parse(print(x)) gives the report back", () => {
    const word = fc.nat(0xffff_ffff);
    const received = fc.record({
      ssrc: word,
      fractionLost: fc.nat(255),
      cumulativeLost: fc.integer({ min: -0x80_0000, max: 0x7f_ffff }),
      highestSequence: word,
      jitter: word,
      lastSr: word,
      delaySinceLastSr: word,
    });
    const sent = fc.record({ timestamp: word, packets: word, bytes: word });
    fc.assert(
      fc.property(word, fc.option(received), fc.option(sent), (ssrc, inward, outward) => {
        const own: OwnReport = {
          ssrc,
          cname: "pbx-x",
          nowMs,
          ...(outward !== null && { sent: outward }),
          ...(inward !== null && { received: inward }),
        };
        expect(parseRtcp(printRtcp(own))).toEqual({
          senderSsrc: ssrc,
          ...(outward !== null && { senderNtp: compactNtp(nowMs) }),
          blocks: inward === null ? [] : [inward],
        });
      }),
    );
  });

  it("reads several blocks", () => {
    const one = "00000001 00000000 00000001 00000000 00000000 00000000";
    const two = "00000002 ff000003 00000001 00000000 00000000 00000000";
    expect(parseRtcp(bytes(`82c9000d 0000000a ${one} ${two}`))?.blocks).toMatchObject([
      { ssrc: 1, fractionLost: 0 },
      { ssrc: 2, fractionLost: 255, cumulativeLost: 3 },
    ]);
  });

  it("finds a report behind another packet of the compound", () => {
    expect(parseRtcp(bytes("81ca0002 00000001 01017800 80c90001 0000000a"))?.senderSsrc).toBe(10);
  });

  it("reads no more blocks than the packet holds", () => {
    expect(parseRtcp(bytes("9fc90001 0000000a"))?.blocks).toEqual([]);
  });

  it("a sender report too short for its sender information has none", () => {
    expect(parseRtcp(bytes("80c80001 0000000a"))).toEqual({ senderSsrc: 10, blocks: [] });
  });

  it.each([
    ["nothing", ""],
    ["less than a header", "80c90001"],
    ["another version", "40c90001 0000000a"],
    ["a length beyond the packet", "80c90002 0000000a"],
    ["a goodbye alone", "81cb0001 0000000a"],
  ])("refuses %s", (_name, text) => {
    expect(parseRtcp(bytes(text))).toBeUndefined();
  });

  it("throws nothing on any bytes", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 120 }),
        fc.constantFrom(200, 201, 202),
        fc.nat(40),
        (packet, type, words) => {
          if (packet.length >= 4) packet.set([0x80 | ((packet[0] ?? 0) & 0x1f), type, 0, words]);
          expect(() => parseRtcp(packet)).not.toThrow();
        },
      ),
    );
  });
});

describe("round trip", () => {
  it("is the example of RFC 3550 section 6.4.1: 6.125 s", () => {
    const example = { ...block, lastSr: 0xb705_2000, delaySinceLastSr: 0x0005_4000 };
    // The report arrives at b710:8000, read off the example's clock.
    const arrivalMs = Array.from({ length: 65_536 }, (_, second) => Date.UTC(2000, 0, 1) + second * 1000 + 500).find(
      (ms) => compactNtp(ms) === 0xb710_8000,
    );
    expect(arrivalMs === undefined ? undefined : roundTripMs(example, arrivalMs)).toBe(6125);
  });

  it("is unknown before they had a report of ours", () => {
    expect(roundTripMs({ ...block, lastSr: 0, delaySinceLastSr: 0 }, nowMs)).toBeUndefined();
  });

  it("is not negative when their clock says they held the report longer than we waited", () => {
    expect(roundTripMs({ ...block, lastSr: compactNtp(nowMs), delaySinceLastSr: 700 }, nowMs)).toBe(0);
  });

  it("bears the wrap of the 16-bit seconds", () => {
    const wrapMs = Array.from({ length: 65_537 }, (_, second) => Date.UTC(2000, 0, 1) + second * 1000).find(
      (ms) => compactNtp(ms) === 0,
    );
    if (wrapMs === undefined) throw new Error("no wrap");
    expect(roundTripMs({ ...block, lastSr: compactNtp(wrapMs - 250), delaySinceLastSr: 0 }, wrapMs + 250)).toBe(500);
  });
});
