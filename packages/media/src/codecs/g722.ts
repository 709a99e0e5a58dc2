import { G722Predictor, G722Scale, saturate } from "./g722-band.ts";
import { G722Filter } from "./g722-qmf.ts";
import {
  higherDecision,
  higherLogSteps,
  higherOutputs,
  lowerDecisions,
  lowerLogSteps,
  lowerOutputs4,
  lowerOutputs6,
} from "./g722-tables.ts";

/** Voice of 16 kHz in two bands, below and above 4 kHz, each with half the samples. */
export interface Bands {
  readonly lower: Int16Array;
  readonly higher: Int16Array;
}

/** What encoder and decoder keep of one band. */
interface Band {
  readonly scale: G722Scale;
  readonly predictor: G722Predictor;
}

function createBand(shift: 8 | 10): Band {
  return { scale: new G722Scale(shift), predictor: new G722Predictor() };
}

/** Both sides adapt by the upper four bits, so that the lower two may be lost on the way (ITU-T G.722 §3.4). */
function adaptLower({ scale, predictor }: Band, code: number): void {
  const short = code >> 2;
  predictor.update((scale.value * (lowerOutputs4[short] ?? 0)) >> 15);
  scale.adapt(lowerLogSteps[short] ?? 0);
}

function adaptHigher({ scale, predictor }: Band, code: number): void {
  predictor.update((scale.value * (higherOutputs[code] ?? 0)) >> 15);
  scale.adapt(higherLogSteps[code] ?? 0);
}

/** Encoder of ITU-T G.722 at 64 kbit/s: one byte per 125 µs. It has a memory; one stream, one encoder. */
export class G722Encoder {
  readonly #filter = new G722Filter();
  readonly #lower = createBand(8);
  readonly #higher = createBand(10);

  /** @param samples 16 bits at 16 kHz, an even number of them */
  encode(samples: Int16Array): Uint8Array {
    const payload = new Uint8Array(samples.length >> 1);
    for (let index = 0; index < payload.length; index += 1) {
      const { lower, higher } = this.#filter.split(samples[2 * index] ?? 0, samples[2 * index + 1] ?? 0);
      payload[index] = this.#encodePair(lower, higher);
    }
    return payload;
  }

  /** @param samples 16 bits at 8 kHz: they are the lower band, the higher one is silent */
  encodeNarrow(samples: Int16Array): Uint8Array {
    const payload = new Uint8Array(samples.length);
    for (let index = 0; index < payload.length; index += 1) {
      payload[index] = this.#encodePair((samples[index] ?? 0) >> 1, 0);
    }
    return payload;
  }

  /** Both bands as `decodeBands` gives them: what is mixed band by band is mixed, for the filter that parts them is linear. */
  encodeBands({ lower, higher }: Bands): Uint8Array {
    const payload = new Uint8Array(lower.length);
    for (let index = 0; index < payload.length; index += 1) {
      payload[index] = this.#encodePair((lower[index] ?? 0) >> 1, (higher[index] ?? 0) >> 1);
    }
    return payload;
  }

  #encodePair(lower: number, higher: number): number {
    const lowerCode = quantizeLower(saturate(lower - this.#lower.predictor.estimate), this.#lower.scale.value);
    const higherCode = quantizeHigher(saturate(higher - this.#higher.predictor.estimate), this.#higher.scale.value);
    adaptLower(this.#lower, lowerCode);
    adaptHigher(this.#higher, higherCode);
    return (higherCode << 6) | lowerCode;
  }
}

/** Decoder of ITU-T G.722 at 64 kbit/s. It has a memory; one stream, one decoder. */
export class G722Decoder {
  readonly #filter = new G722Filter();
  readonly #lower = createBand(8);
  readonly #higher = createBand(10);

  /** 16 bits at 16 kHz, two samples per byte. */
  decode(payload: Uint8Array): Int16Array {
    const samples = new Int16Array(payload.length * 2);
    for (let index = 0; index < payload.length; index += 1) {
      const code = payload[index] ?? 0;
      const { first, second } = this.#filter.join(this.#decodeLower(code & 0x3f), this.#decodeHigher(code >> 6));
      samples[2 * index] = first;
      samples[2 * index + 1] = second;
    }
    return samples;
  }

  /** 16 bits at 8 kHz, one sample per byte: the lower band alone. */
  decodeNarrow(payload: Uint8Array): Int16Array {
    const samples = new Int16Array(payload.length);
    for (let index = 0; index < payload.length; index += 1) {
      samples[index] = saturate(2 * this.#decodeLower((payload[index] ?? 0) & 0x3f));
    }
    return samples;
  }

  /** 16 bits at 8 kHz of each band; the lower one is what `decodeNarrow` gives. */
  decodeBands(payload: Uint8Array): Bands {
    const lower = new Int16Array(payload.length);
    const higher = new Int16Array(payload.length);
    for (let index = 0; index < payload.length; index += 1) {
      const code = payload[index] ?? 0;
      lower[index] = saturate(2 * this.#decodeLower(code & 0x3f));
      higher[index] = saturate(2 * this.#decodeHigher(code >> 6));
    }
    return { lower, higher };
  }

  #decodeLower(code: number): number {
    const { scale, predictor } = this.#lower;
    const sample = limitBand(predictor.estimate + ((scale.value * (lowerOutputs6[code] ?? 0)) >> 15));
    adaptLower(this.#lower, code);
    return sample;
  }

  #decodeHigher(code: number): number {
    const { scale, predictor } = this.#higher;
    const sample = limitBand(predictor.estimate + ((scale.value * (higherOutputs[code] ?? 0)) >> 15));
    adaptHigher(this.#higher, code);
    return sample;
  }
}

function limitBand(sample: number): number {
  return Math.max(-16_384, Math.min(16_383, sample));
}

function quantizeLower(difference: number, scale: number): number {
  const magnitude = difference < 0 ? -(difference + 1) : difference;
  // The decision values rise: the first one above the magnitude is found by halving.
  let level = 0;
  for (let above = lowerDecisions.length; level < above; ) {
    const middle = (level + above) >> 1;
    if (magnitude >= ((lowerDecisions[middle] ?? 0) * scale) >> 12) level = middle + 1;
    else above = middle;
  }
  if (difference >= 0) return 61 - level;
  return level < 2 ? 63 - level : 33 - level;
}

function quantizeHigher(difference: number, scale: number): number {
  const magnitude = difference < 0 ? -(difference + 1) : difference;
  const isLarge = magnitude >= (higherDecision * scale) >> 12;
  if (difference < 0) return isLarge ? 0 : 1;
  return isLarge ? 2 : 3;
}
