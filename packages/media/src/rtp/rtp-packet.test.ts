import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRtp, printRtp, rewriteRtp } from "./rtp-packet.ts";

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));

/** Fields in the places of RFC 3550 section 5.1: V=2, M, PT 8, then sequence number, timestamp and SSRC. */
const header = "80 88 1234 89abcdef deadbeef";

describe("parsing RTP", () => {
  it("reads the fixed header of RFC 3550 section 5.1", () => {
    expect(parseRtp(bytes(`${header} 0102`))).toEqual({
      payloadType: 8,
      marker: true,
      sequence: 0x1234,
      timestamp: 0x89ab_cdef,
      ssrc: 0xdead_beef,
      payloadStart: 12,
      payloadEnd: 14,
    });
  });

  it("skips contributing sources", () => {
    const packet = bytes(`83 08 0001 00000001 00000001 11111111 22222222 33333333 d5d5`);
    expect(parseRtp(packet)).toMatchObject({ payloadStart: 24, payloadEnd: 26, payloadType: 8, marker: false });
  });

  it("skips a header extension by its length in words", () => {
    expect(parseRtp(bytes(`90 08 0001 00000001 00000001 bede0002 10aa0000 00000000 d5`))).toMatchObject({
      payloadStart: 24,
      payloadEnd: 25,
    });
  });

  it("skips contributing sources and an empty extension together", () => {
    expect(parseRtp(bytes(`91 08 0001 00000001 00000001 11111111 bede0000 d5`))).toMatchObject({ payloadStart: 20 });
  });

  it("leaves off padding, whose last byte counts itself", () => {
    expect(parseRtp(bytes(`a0 08 0001 00000001 00000001 d5d5 000003`))).toMatchObject({
      payloadStart: 12,
      payloadEnd: 14,
    });
  });

  it("an empty payload is a packet", () => {
    expect(parseRtp(bytes(header))).toMatchObject({ payloadStart: 12, payloadEnd: 12 });
  });

  it.each([
    ["nothing", ""],
    ["eleven bytes", "80 08 0001 00000001 000000"],
    ["version 1", "40 08 0001 00000001 00000001"],
    ["version 3", "c0 08 0001 00000001 00000001"],
    ["fewer contributing sources than counted", "82 08 0001 00000001 00000001 11111111"],
    ["an extension without its header", "90 08 0001 00000001 00000001 bede"],
    ["an extension longer than the packet", "90 08 0001 00000001 00000001 bede0002 00000000"],
    ["more padding than payload", "a0 08 0001 00000001 00000001 d5 05"],
    ["padding of no bytes", "a0 08 0001 00000001 00000001 d5 00"],
  ])("refuses %s", (_name, hex) => {
    expect(parseRtp(bytes(hex))).toBeUndefined();
  });

  it("throws nothing, and payload lies within the packet, on any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(255), (packet, first) => {
        if (packet.length > 0) packet[0] = 0x80 | (first & 0x3f);
        const parsed = parseRtp(packet);
        if (parsed === undefined) return;
        expect(parsed.payloadStart).toBeGreaterThanOrEqual(12);
        expect(parsed.payloadStart).toBeLessThanOrEqual(parsed.payloadEnd);
        expect(parsed.payloadEnd).toBeLessThanOrEqual(packet.length);
      }),
    );
  });
});

describe("printing RTP", () => {
  it("parse(print(x)) is x", () => {
    const fields = fc.record({
      payloadType: fc.nat(127),
      marker: fc.boolean(),
      sequence: fc.nat(0xffff),
      timestamp: fc.nat(0xffff_ffff),
      ssrc: fc.nat(0xffff_ffff),
    });
    fc.assert(
      fc.property(fields, fc.uint8Array({ maxLength: 40 }), (wanted, payload) => {
        const packet = printRtp(wanted, payload);
        expect(parseRtp(packet)).toEqual({ ...wanted, payloadStart: 12, payloadEnd: packet.length });
        expect(packet.subarray(12)).toEqual(payload);
      }),
    );
  });

  it("rewriting changes the fixed fields and nothing else", () => {
    const packet = bytes(`b1 88 0001 00000001 00000001 11111111 bede0001 aabbccdd d5d5 0002`);
    rewriteRtp(packet, { payloadType: 0, marker: false, sequence: 0x1_0005, timestamp: 0x1_0000_0007, ssrc: 9 });
    expect(Buffer.from(packet).toString("hex")).toBe("b1000005000000070000000911111111bede0001aabbccddd5d50002");
  });
});
