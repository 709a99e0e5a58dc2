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

const aLawDecoded = Int16Array.from({ length: 256 }, (_, code) => aLawToLinear(code));
const muLawDecoded = Int16Array.from({ length: 256 }, (_, code) => muLawToLinear(code));
const aLawEncoded = encodeTable(aLawDecoded);
const muLawEncoded = encodeTable(muLawDecoded);

/** For each 16-bit sample the nearest code; built once by walking the sorted codes. */
function encodeTable(decoded: Int16Array): Uint8Array {
  const codes = Array.from(decoded, (value, code) => ({ value, code })).toSorted((a, b) => a.value - b.value);
  const table = new Uint8Array(65_536);
  let at = 0;
  for (let sample = -32_768; sample < 32_768; sample += 1) {
    for (;;) {
      const here = codes[at];
      const next = codes[at + 1];
      if (here === undefined || next === undefined || Math.abs(next.value - sample) > Math.abs(here.value - sample))
        break;
      at += 1;
    }
    table[sample & 0xffff] = codes[at]?.code ?? 0;
  }
  return table;
}

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
