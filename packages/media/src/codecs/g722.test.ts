import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { goertzel } from "../tones/goertzel.ts";
import { sineSamples } from "../tones/tone.ts";
import { createTranscoder } from "./codec.ts";
import { G722Decoder, G722Encoder } from "./g722.ts";

// Reference bytes made with ffmpeg's G.722 encoder and decoder (libavcodec, codec "g722"), 20 ms each: from a sine of
// 1 kHz and one of 6 kHz with an amplitude of 10000, and from noise over the full scale. Samples are big-endian.
const sineCodes = [
  "fa92238d2393a0a020b0cac8cedcede9eb7ad1ced1dfaeeaeefc53cf92dff0abf0fcd450d3bef0ecf0bcd550d4bef1edf1fd",
  "d5d296fff2ef73ff96d496fdf2aff37ed795d7fcb2f072fed65496bcf2f072dfd8d398fff3f0f2fed6d497fbf4aff4fcd7d4",
  "96fff3b1f2fed7d5d7fcb3f2f3fed8d39afff4af75bad6d597fcf3f2f2fddad495fcf2f0f1fcdad398ddf4ee75ba97d696de",
  "b4f0729f5ad2d69cf9ef",
].join("");
const highSineCodes = [
  "b73284208420bdbd1f3dbdbf3d3dbdbd3d3dbdbd3d3dbdbd3d3dbdbd3d3dbdfd3d7dbdfd3d7dfdfd3d7dbdfd3d7dfdfc3c7d",
  "fdfc3c7dbdfc3c7cfcfc3c7cfcfc3b7dbdfb7b3ebffd7dffbffd7c3ebefc7cfefefc3c3ebefc7cfefefc3c3efefc3cfefefc",
  "3b1ef6f87afbbaf87b5fb6b979fbbbf97b5fb5b779f9f9f73b7bbbfb7b3bfb7b7b7bbbfb3b3bfb7b7a7abafa3a7afaba7ade",
  "f2fa3a7ababa5bf5f8f5",
].join("");
const noiseCodes = [
  "862084208620058e338c91a8a704332e88b608a023119fe225a0a6a412126e3b91af4485a349349d0ad1393c531f08287ae3",
  "a90817a822b8db453f128c10b26220a0aaa73c2ea6aebc15364530c7064c3d060ac429a91013098cb9f714138610ac2dae05",
  "d29bba0435250696bda89c1aa44bc568201be89710068f0c28d595a72aafbf2822488f860bac87091ff926c99524953661e8",
  "08b1b79f30a2ae4b268c",
].join("");
const sineDecoded = [
  "0000ffffffff00000000ffffffff00010000fffc0000000afffdffe5fffd0033000dff9dffdf0091005dff4affc901be02c1",
  "03d607ca0d9010bb0ce7017ef25de53cdd8cdaeddd0be496f0da00030f691bd9239726e2252c1cfa0f46ff4af004e3cadc1b",
  "d9a1dc70e4a6f12e00090f041c6325b7285323f91abd0e63ffe0f0f1e417db5ad81edafce3b6f0caff8d0dfd1b3f24f127c7",
  "23871ae40f4e00acf10fe457dca9da1adcb1e4bff131ffff0eee1bcf24672749240b1b770eef0074f1e9e4c7db54d81edba2",
  "e481f10effe60f041be5246b275024141b860ed1ffa0f04fe3cddbdbd93cdc0de421f087ff8d0ec61b8723d426c624091bef",
  "0f670018f08fe3fbdc36d98cdc28e44ef0f0ffbf0e541ab6232a26b424971c4c0f1effedf127e48edbd1d886db5de3dff0b1",
  "fff90f2a1bc62414271c24671c140f430004f0e0e445dbf8d8d6db5ae393f07effcd0f171bd12435276724ce1c360ee0ff7d",
  "f0a0e46edc56d91fdb6ce3dbf12a005f0ef91bac249727d924bd1bea0ed9ffcaf0ebe415db32d863dbeae465f094ffa00f1a",
].join("");
const noiseDecoded = [
  "ffff00000000ffffffff00040001fff0fffd0033fffbff4bffeb0200002efb23fffa0a4bfff3ed6f01ac262a0f18c815acd6",
  "d355017a1036008be0cdd0d3e336fe1513fb34dd43df02b8a3d7a015f42637b62feaf4adbae8cbbf10f008e6c54edbb74a1c",
  "7bad4a560ab4e0b9dbaaeec1192a4bfc449719d8267355fc4f3a2e1819ef40702748ef4ce167d45705a30eb11b7c022dfa56",
  "e371deb035ecfed7bd6887db98bacde56b50323ad852c39dd2ec376a2fb8d362beabf490e12ff20100a22d9fe6990876e3c4",
  "f69bfd8b12c3ac5af11007a54a90fde1fe5429343a4d46dee849bd54e140b8d415873cc71f26358557a61947d07d13a8e825",
  "a4a2bc58e6e83087de68f8ce056fcf31d02d0d0817c5faed49986634309b656370c71a0430cdf2bb390b0c2ff2161f09de5d",
  "2fd3449a0a613c13f5432f03eb97d69c22dbec8e1061afeec599fafe2c8ddf629cc0aca6e57fc46feca3f828138ba4c5d675",
  "b989e05ba05fa5d1e9884d894976ec8ad7b80a3fc40bfca0a9bfd7a7e18bc3342223f5f920d00278dd891293bb75f228d3bb",
].join("");

const sampleRate = 16_000;
/** Delay of both filters together, in samples of 16 kHz. */
const delay = 22;

function sine(frequencyHz: number, count: number, amplitude = 10_000, rate = sampleRate): Int16Array {
  return Int16Array.from({ length: count }, (_, index) =>
    Math.round(Math.sin((2 * Math.PI * frequencyHz * index) / rate) * amplitude),
  );
}

function noise(count: number): Int16Array {
  let state = 7;
  return Int16Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 16) - 32_768;
  });
}

const hex = (data: Uint8Array): string => Buffer.from(data).toString("hex");
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));

function samplesOf(text: string): Int16Array {
  const buffer = Buffer.from(text, "hex");
  return Int16Array.from({ length: buffer.length / 2 }, (_, index) => buffer.readInt16BE(index * 2));
}

/** Signal to noise in dB of what came out, after the first eighth of a second. */
function signalToNoise(original: Int16Array, decoded: Int16Array, late: number): number {
  let signal = 0;
  let error = 0;
  for (let index = 2000; index + late < decoded.length; index += 1) {
    const sample = original[index] ?? 0;
    signal += sample ** 2;
    error += (sample - (decoded[index + late] ?? 0)) ** 2;
  }
  return 10 * Math.log10(signal / error);
}

const roundTrip = (samples: Int16Array): Int16Array => new G722Decoder().decode(new G722Encoder().encode(samples));

describe("G.722", () => {
  it.each([
    ["a sine of 1 kHz", sine(1000, 320), sineCodes],
    ["a sine of 6 kHz", sine(6000, 320), highSineCodes],
    ["noise over the full scale", noise(320), noiseCodes],
  ])("encodes %s to the bytes of the reference", (_name, samples, codes) => {
    expect(hex(new G722Encoder().encode(samples))).toBe(codes);
  });

  it.each([
    ["a sine of 1 kHz", sineCodes, sineDecoded],
    ["noise over the full scale", noiseCodes, noiseDecoded],
  ])("decodes %s to the samples of the reference", (_name, codes, decoded) => {
    const wanted = samplesOf(decoded);
    expect(new G722Decoder().decode(bytes(codes)).subarray(0, wanted.length)).toEqual(wanted);
  });

  it.each([
    [100, 40],
    [300, 40],
    [1000, 40],
    [2000, 40],
    [3000, 38],
    [3700, 35],
    [4300, 30],
    [5000, 20],
    [6000, 20],
    [7000, 20],
  ])("a tone of %i Hz comes back with more than %i dB over the noise", (frequencyHz, leastDb) => {
    for (const amplitude of [1000, 10_000]) {
      const original = sine(frequencyHz, 8000, amplitude);
      expect(signalToNoise(original, roundTrip(original), delay)).toBeGreaterThan(leastDb);
    }
  });

  it("silence stays silence", () => {
    expect(Math.max(...roundTrip(new Int16Array(16_000)).map(Math.abs))).toBeLessThanOrEqual(4);
  });

  it("after a loud tone silence comes back within 100 ms", () => {
    const samples = new Int16Array(8000);
    samples.set(sine(1000, 4000, 30_000));
    expect(Math.max(...roundTrip(samples).subarray(5600).map(Math.abs))).toBeLessThan(20);
  });

  it("a tone of full scale does not wrap around", () => {
    const original = sine(1000, 8000, 32_767);
    expect(signalToNoise(original, roundTrip(original), delay)).toBeGreaterThan(35);
  });

  it("a stream cut into packets is the same as in one piece: both sides keep their state", () => {
    const samples = noise(1600);
    const whole = new G722Encoder().encode(samples);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 20 }), (lengths) => {
        const encoder = new G722Encoder();
        const decoder = new G722Decoder();
        const codes: number[] = [];
        const decoded: number[] = [];
        let at = 0;
        for (const length of lengths) {
          const packet = encoder.encode(samples.subarray(at, at + length * 2));
          codes.push(...packet);
          decoded.push(...decoder.decode(packet));
          at += length * 2;
        }
        expect(codes).toEqual([...whole.subarray(0, codes.length)]);
        expect(decoded).toEqual([...new G722Decoder().decode(whole.subarray(0, codes.length))]);
      }),
      { numRuns: 30 },
    );
  });

  it("a decoder that missed a packet is back on the signal shortly after", () => {
    const original = sine(1000, 16_000);
    const codes = new G722Encoder().encode(original);
    const decoder = new G722Decoder();
    decoder.decode(codes.subarray(0, 1600));
    const after = decoder.decode(codes.subarray(1760));
    expect(goertzel(after.subarray(1600), 1000, sampleRate)).toBeGreaterThan(0.99);
  });

  it("any bytes decode to samples, two each", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (payload) => {
        expect(new G722Decoder().decode(payload)).toHaveLength(payload.length * 2);
        expect(new G722Decoder().decodeNarrow(payload)).toHaveLength(payload.length);
      }),
    );
  });
});

describe("G.722 beside G.711", () => {
  it.each([300, 1000, 2000, 3400])(
    "a tone of %i Hz at 8 kHz comes back with more than 40 dB over the noise",
    (frequencyHz) => {
      const original = sine(frequencyHz, 8000, 8000, 8000);
      const decoded = new G722Decoder().decodeNarrow(new G722Encoder().encodeNarrow(original));
      expect(signalToNoise(original, decoded, 0)).toBeGreaterThan(40);
    },
  );

  it("a wideband phone hears a narrowband voice at its pitch and loudness", () => {
    const wide = new G722Decoder().decode(new G722Encoder().encodeNarrow(sine(1000, 4000, 8000, 8000)));
    expect(goertzel(wide.subarray(2000), 1000, sampleRate)).toBeGreaterThan(0.99);
    const loudest = Math.max(...wide.subarray(2000));
    expect(loudest).toBeGreaterThan(7600);
    expect(loudest).toBeLessThan(8400);
  });

  it("a narrowband phone hears a wideband voice at its pitch and loudness, and nothing of its higher band", () => {
    const mixed = sine(1000, 8000, 8000).map(
      (sample, index) => sample + Math.round(Math.sin((2 * Math.PI * 6000 * index) / sampleRate) * 4000),
    );
    const narrow = new G722Decoder().decodeNarrow(new G722Encoder().encode(mixed)).subarray(1000);
    expect(goertzel(narrow, 1000, 8000)).toBeGreaterThan(0.99);
    const loudest = Math.max(...narrow);
    expect(loudest).toBeGreaterThan(7600);
    expect(loudest).toBeLessThan(8400);
  });

  it.each(["PCMA", "PCMU", "G722"] as const)("%s transcodes 20 ms of 8 kHz to 160 bytes and back", (codec) => {
    const transcoder = createTranscoder(codec);
    const tone = sineSamples(1000, 800);
    const payload = transcoder?.encode(tone) ?? new Uint8Array();
    expect(payload).toHaveLength(800);
    expect(goertzel(transcoder?.decode(payload) ?? new Int16Array(), 1000)).toBeGreaterThan(0.95);
  });

  it("Opus is passed through only", () => {
    expect(createTranscoder("opus")).toBeUndefined();
  });
});
