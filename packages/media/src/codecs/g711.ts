/** G.711 (ITU-T G.711) by tables: 8 bits per sample at 8 kHz, 16-bit linear on the other side. */

function aLawToLinear(code: number): number {
  const bits = code ^ 0x55;
  const segment = (bits & 0x70) >> 4;
  const mantissa = (bits & 0x0f) << 4;
  const magnitude = segment === 0 ? mantissa + 8 : (mantissa + 0x108) << (segment - 1);
  return (bits & 0x80) === 0 ? -magnitude : magnitude;
}

function muLawToLinear(code: number): number {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4)) - 0x84;
  return (bits & 0x80) === 0 ? magnitude : -magnitude;
}

/** By the decision values of ITU-T G.711 table 1: 13 bits in one's complement, so that both signs are alike. */
function linearToALaw(sample: number): number {
  const magnitude = (sample < 0 ? ~sample : sample) >> 4;
  const segment = magnitude < 16 ? 0 : 28 - Math.clz32(magnitude);
  const mantissa = (segment === 0 ? magnitude : magnitude >> (segment - 1)) & 0x0f;
  return ((sample < 0 ? 0 : 0x80) | (segment << 4) | mantissa) ^ 0x55;
}

/** By the decision values of ITU-T G.711 table 2: 14 bits, with a bias of 33. */
function linearToMuLaw(sample: number): number {
  const magnitude = Math.min(((sample < 0 ? ~sample : sample) >> 2) + 33, 0x1fff);
  const segment = 26 - Math.clz32(magnitude);
  const mantissa = (magnitude >> (segment + 1)) & 0x0f;
  return ~((sample < 0 ? 0x80 : 0) | (segment << 4) | mantissa) & 0xff;
}

const aLawDecoded = Int16Array.from({ length: 256 }, (_, code) => aLawToLinear(code));
const muLawDecoded = Int16Array.from({ length: 256 }, (_, code) => muLawToLinear(code));
const aLawEncoded = Uint8Array.from({ length: 65_536 }, (_, bits) => linearToALaw((bits << 16) >> 16));
const muLawEncoded = Uint8Array.from({ length: 65_536 }, (_, bits) => linearToMuLaw((bits << 16) >> 16));

function decodeWith(table: Int16Array, payload: Uint8Array): Int16Array {
  const samples = new Int16Array(payload.length);
  for (let index = 0; index < payload.length; index += 1) samples[index] = table[payload[index] ?? 0] ?? 0;
  return samples;
}

function encodeWith(table: Uint8Array, samples: Int16Array): Uint8Array {
  const payload = new Uint8Array(samples.length);
  for (let index = 0; index < samples.length; index += 1) payload[index] = table[(samples[index] ?? 0) & 0xffff] ?? 0;
  return payload;
}

export const decodeALaw = (payload: Uint8Array): Int16Array => decodeWith(aLawDecoded, payload);
export const decodeMuLaw = (payload: Uint8Array): Int16Array => decodeWith(muLawDecoded, payload);
export const encodeALaw = (samples: Int16Array): Uint8Array => encodeWith(aLawEncoded, samples);
export const encodeMuLaw = (samples: Int16Array): Uint8Array => encodeWith(muLawEncoded, samples);
