import { describe, expect, it } from "vitest";
import { decodeALaw, decodeMuLaw, encodeALaw, encodeMuLaw } from "./g711.ts";

const allCodes = Uint8Array.from({ length: 256 }, (_, code) => code);

type Segment = readonly [from: number, first: number, last: number, firstCode: number, lastCode: number];

/**
 * Segments of the positive half of ITU-T G.711 tables 1a and 2a, scaled to 16 bits: first decision value, first and last
 * output value, codes of both.
 */
const aLawSegments: readonly Segment[] = [
  [0, 8, 248, 0xd5, 0xda],
  [256, 264, 504, 0xc5, 0xca],
  [512, 528, 1008, 0xf5, 0xfa],
  [1024, 1056, 2016, 0xe5, 0xea],
  [2048, 2112, 4032, 0x95, 0x9a],
  [4096, 4224, 8064, 0x85, 0x8a],
  [8192, 8448, 16_128, 0xb5, 0xba],
  [16_384, 16_896, 32_256, 0xa5, 0xaa],
];
const muLawSegments: readonly Segment[] = [
  [0, 0, 120, 0xff, 0xf0],
  [124, 132, 372, 0xef, 0xe0],
  [380, 396, 876, 0xdf, 0xd0],
  [892, 924, 1884, 0xcf, 0xc0],
  [1916, 1980, 3900, 0xbf, 0xb0],
  [3964, 4092, 7932, 0xaf, 0xa0],
  [8060, 8316, 15_996, 0x9f, 0x90],
  [16_252, 16_764, 32_124, 0x8f, 0x80],
];

const laws = [
  { law: "A-law", encode: encodeALaw, decode: decodeALaw, segments: aLawSegments, signBit: 0x80 },
  { law: "µ-law", encode: encodeMuLaw, decode: decodeMuLaw, segments: muLawSegments, signBit: 0x80 },
] as const;

describe.each(laws)("G.711 $law", ({ encode, decode, segments, signBit }) => {
  const one = (sample: number): number => encode(Int16Array.of(sample))[0] ?? 0;
  const back = (code: number): number => decode(Uint8Array.of(code))[0] ?? 0;

  it.each([...segments])("the segment from %i has the outputs %i to %i", (from, first, last, firstCode, lastCode) => {
    expect([back(firstCode), back(lastCode)]).toEqual([first, last]);
    expect([back(firstCode ^ signBit), back(lastCode ^ signBit)]).toEqual([0 - first, 0 - last]);
    expect([one(first), one(last)]).toEqual([firstCode, lastCode]);
    expect(one(from)).toBe(firstCode);
  });

  it("a segment begins exactly at its decision value", () => {
    for (const [index, [from]] of segments.entries()) {
      if (index > 0) expect(one(from - 1)).toBe(segments[index - 1]?.[4]);
    }
  });

  it("all codes survive the round trip, but for the second zero of µ-law", () => {
    const again = encode(decode(allCodes));
    const changed = [...allCodes].filter((code) => again[code] !== code);
    expect(changed).toEqual(back(0x7f) === 0 ? [0x7f] : []);
  });

  it("greater samples have no smaller output, and both signs are alike", () => {
    const outputs = decode(encode(Int16Array.from({ length: 65_536 }, (_, index) => index - 32_768)));
    expect(outputs.every((output, index) => index === 0 || output >= (outputs[index - 1] ?? 0))).toBe(true);
    expect(outputs.every((output, index) => output === 0 - (outputs[65_535 - index] ?? 0))).toBe(true);
  });

  it("the error is at most half a step: a 32nd of the sample and its bias of 132", () => {
    const samples = Int16Array.from({ length: 64_001 }, (_, index) => index - 32_000);
    const outputs = decode(encode(samples));
    const wrong = samples.filter(
      (sample, index) => Math.abs((outputs[index] ?? 0) - sample) > Math.max(8, (Math.abs(sample) + 132) / 32),
    );
    expect([...wrong]).toEqual([]);
  });

  it("full scale is clipped, not wrapped", () => {
    expect(back(one(32_767))).toBeGreaterThan(32_000);
    expect(back(one(-32_768))).toBeLessThan(-32_000);
  });
});

describe("G.711 silence", () => {
  it("is d5 in A-law and ff in µ-law", () => {
    expect([encodeALaw(Int16Array.of(0))[0], encodeMuLaw(Int16Array.of(0))[0]]).toEqual([0xd5, 0xff]);
  });

  it("a 1 kHz test tone at 0 dBm0 has the codes of ITU-T G.711 tables 5 and 6", () => {
    const aLaw = Uint8Array.of(0x34, 0x21, 0x21, 0x34, 0xb4, 0xa1, 0xa1, 0xb4);
    const muLaw = Uint8Array.of(0x1e, 0x0b, 0x0b, 0x1e, 0x9e, 0x8b, 0x8b, 0x9e);
    const rounded = (samples: Int16Array): number[] => Array.from(samples, (sample) => Math.round(sample / 1000));
    expect(rounded(decodeALaw(aLaw))).toEqual([-9, -21, -21, -9, 9, 21, 21, 9]);
    expect(rounded(decodeMuLaw(muLaw))).toEqual([-9, -21, -21, -9, 9, 21, 21, 9]);
    expect(encodeALaw(decodeALaw(aLaw))).toEqual(aLaw);
    expect(encodeMuLaw(decodeMuLaw(muLaw))).toEqual(muLaw);
  });
});
