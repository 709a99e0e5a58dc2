import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readWav, wavHeader, writeWav } from "./wav.ts";

const ascii = (text: string): Buffer => Buffer.from(text, "latin1");

function chunk(name: string, content: Uint8Array, size = content.length): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(size);
  return Buffer.concat([ascii(name), length, content, Buffer.alloc(content.length % 2)]);
}

function format({ tag = 1, channels = 1, sampleRate = 8000, bits = 16 } = {}): Buffer {
  const content = Buffer.alloc(16);
  content.writeUInt16LE(tag, 0);
  content.writeUInt16LE(channels, 2);
  content.writeUInt32LE(sampleRate, 4);
  content.writeUInt32LE((sampleRate * channels * bits) / 8, 8);
  content.writeUInt16LE((channels * bits) / 8, 12);
  content.writeUInt16LE(bits, 14);
  return chunk("fmt ", content);
}

const riff = (...chunks: readonly Buffer[]): Buffer => {
  const body = Buffer.concat([ascii("WAVE"), ...chunks]);
  return chunk("RIFF", body);
};

const pcm = (...samples: readonly number[]): Uint8Array => new Uint8Array(Int16Array.from(samples).buffer);

describe("writing", () => {
  it("the header has the 44 bytes of 16-bit PCM", () => {
    expect(Buffer.from(wavHeader(8000, 2, 320)).toString("hex")).toBe(
      [
        [ascii("RIFF").toString("hex"), "64010000", ascii("WAVEfmt ").toString("hex"), "10000000"],
        ["0100", "0200", "401f0000", "007d0000", "0400", "1000"],
        [ascii("data").toString("hex"), "40010000"],
      ]
        .flat()
        .join(""),
    );
  });

  it("what is written is read back, channel by channel", () => {
    const samples = fc.array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 50 });
    fc.assert(
      fc.property(
        samples,
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom(8000, 16_000, 48_000),
        (values, count, sampleRate) => {
          const channels = Array.from({ length: count }, (_, channel) =>
            Int16Array.from(values, (value) => (value + channel) | 0),
          );
          expect(readWav(writeWav({ sampleRate, channels }))).toEqual({ ok: true, sampleRate, channels });
        },
      ),
    );
  });

  it("no channels are an empty file", () => {
    expect(writeWav({ sampleRate: 8000, channels: [] })).toHaveLength(44);
  });
});

describe("reading", () => {
  it("passes over other chunks, and over the pad byte of an odd one", () => {
    const file = riff(
      chunk("JUNK", ascii("abc")),
      format(),
      chunk("LIST", ascii("INFOx")),
      chunk("data", pcm(1, -2, 3)),
    );
    expect(readWav(file)).toEqual({ ok: true, sampleRate: 8000, channels: [Int16Array.of(1, -2, 3)] });
  });

  it("reads a view into a larger buffer", () => {
    const file = riff(format(), chunk("data", pcm(7, 8)));
    const padded = Buffer.concat([Buffer.alloc(3), file, Buffer.alloc(5)]);
    expect(readWav(padded.subarray(3, 3 + file.length))).toMatchObject({ channels: [Int16Array.of(7, 8)] });
  });

  it.each([
    ["says more than is there", 9999],
    ["was never filled in", 0],
    ["was left at its largest", 0xffff_ffff],
  ])("a data size that %s is read as far as it goes: the recording of a crash", (_name, size) => {
    const file = riff(format(), chunk("data", pcm(1, 2, 3), size));
    expect(readWav(file)).toEqual({ ok: true, sampleRate: 8000, channels: [Int16Array.of(1, 2, 3)] });
  });

  it("half a sample at the end is left out", () => {
    const file = riff(format({ channels: 2 }), chunk("data", pcm(1, 2, 3, 4)));
    const cut = readWav(file.subarray(0, file.length - 1));
    expect(cut).toEqual({ ok: true, sampleRate: 8000, channels: [Int16Array.of(1), Int16Array.of(2)] });
  });

  it("what follows the data is left alone", () => {
    expect(readWav(riff(format(), chunk("data", pcm(5)), chunk("LIST", ascii("abcd"))))).toMatchObject({
      channels: [Int16Array.of(5)],
    });
  });

  it.each([
    ["nothing", Buffer.alloc(0), "not_wav"],
    ["another file", ascii("OggS and then some more"), "not_wav"],
    ["RIFF that is no WAVE", Buffer.concat([ascii("RIFF"), Buffer.alloc(4), ascii("AVI ")]), "not_wav"],
    ["a header and nothing else", riff(), "truncated"],
    ["a format and no data", riff(format()), "truncated"],
    ["half a format", riff(format()).subarray(0, 30), "truncated"],
    ["data before its format", riff(chunk("data", pcm(1)), format()), "unsupported"],
    ["A-law", riff(format({ tag: 6, bits: 8 }), chunk("data", pcm(1))), "unsupported"],
    ["24 bits", riff(format({ bits: 24 }), chunk("data", pcm(1))), "unsupported"],
    ["floating point", riff(format({ tag: 3, bits: 32 }), chunk("data", pcm(1))), "unsupported"],
    ["no channels", riff(format({ channels: 0 }), chunk("data", pcm(1))), "unsupported"],
  ] as const)("%s is refused as a value", (_name, file, error) => {
    expect(readWav(file)).toEqual({ ok: false, error });
  });

  it("throws nothing on any bytes, nor on a file with any bytes changed or cut", () => {
    const file = riff(format(), chunk("LIST", ascii("abc")), chunk("data", pcm(1, 2, 3, 4)));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(file.length), fc.nat(file.length), (noise, at, length) => {
        const spoilt = Buffer.from(file);
        spoilt.set(noise.subarray(0, Math.max(0, spoilt.length - at)), at);
        expect(() => readWav(noise)).not.toThrow();
        expect(() => readWav(spoilt.subarray(0, length))).not.toThrow();
      }),
    );
  });
});
