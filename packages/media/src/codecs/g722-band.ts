import { powersOfTwo } from "./g722-tables.ts";

/** To 16 bits, as all of G.722's arithmetic does on overflow. */
export function saturate(value: number): number {
  return Math.max(-32_768, Math.min(32_767, value));
}

/** Quantizer scale factor of one band, adapted in the logarithmic domain (ITU-T G.722 §3.5). */
export class G722Scale {
  /** Of the present logarithm. */
  value: number;
  #logarithm = 0;
  readonly #maximum: number;
  readonly #shift: number;

  /** @param shift 8 for the lower band, 10 for the higher one */
  constructor(shift: 8 | 10) {
    this.#shift = shift;
    this.#maximum = shift === 8 ? 18_432 : 22_528;
    this.value = this.#valueOf();
  }

  adapt(step: number): void {
    this.#logarithm = Math.max(0, Math.min(this.#maximum, ((this.#logarithm * 127) >> 7) + step));
    this.value = this.#valueOf();
  }

  #valueOf(): number {
    const mantissa = powersOfTwo[(this.#logarithm >> 6) & 31] ?? 0;
    const shift = this.#shift - (this.#logarithm >> 11);
    return (shift < 0 ? mantissa << -shift : mantissa >> shift) << 2;
  }
}

/** Whether two values have the same sign bit; zero counts as positive. */
function hasSameSign(one: number, other: number): boolean {
  return (one ^ other) >= 0;
}

/** Adaptive predictor of one band with two poles and six zeros (ITU-T G.722 §3.6), alike in encoder and decoder. */
export class G722Predictor {
  /** The next sample as predicted. */
  estimate = 0;
  #zeroEstimate = 0;
  #pole1 = 0;
  #pole2 = 0;
  readonly #zeros = new Int32Array(6);
  /** Twice the quantized differences, newest first. */
  readonly #doubled = new Int32Array(6);
  #rebuilt1 = 0;
  #partial1 = 0;
  #partial2 = 0;

  /** Takes the quantized difference between a sample and its prediction. */
  update(difference: number): void {
    const rebuilt = saturate(this.estimate + difference);
    const partial = saturate(this.#zeroEstimate + difference);
    this.#adaptPoles(partial);
    this.#zeroEstimate = this.#moveZeros(difference);
    const poles = ((this.#pole1 * saturate(2 * rebuilt)) >> 15) + ((this.#pole2 * saturate(2 * this.#rebuilt1)) >> 15);
    this.estimate = saturate(saturate(poles) + this.#zeroEstimate);
    this.#rebuilt1 = rebuilt;
    this.#partial2 = this.#partial1;
    this.#partial1 = partial;
  }

  #adaptPoles(partial: number): void {
    const isLike1 = hasSameSign(partial, this.#partial1);
    const cross = saturate(4 * this.#pole1);
    const second =
      (saturate(isLike1 ? -cross : cross) >> 7) +
      (hasSameSign(partial, this.#partial2) ? 128 : -128) +
      ((this.#pole2 * 32_512) >> 15);
    this.#pole2 = Math.max(-12_288, Math.min(12_288, second));
    const first = saturate((isLike1 ? 192 : -192) + ((this.#pole1 * 32_640) >> 15));
    // Keeps the filter stable.
    const limit = 15_360 - this.#pole2;
    this.#pole1 = Math.max(-limit, Math.min(limit, first));
  }

  /** Adapts the zeros to a new difference, takes it in as the newest, and filters: in one go, for this is where the time goes. */
  #moveZeros(difference: number): number {
    const zeros = this.#zeros;
    const doubled = this.#doubled;
    const step = difference === 0 ? 0 : 128;
    let sum = 0;
    for (let index = 5; index >= 0; index -= 1) {
      const gradient = hasSameSign(difference, doubled[index] ?? 0) ? step : -step;
      const zero = saturate((((zeros[index] ?? 0) * 32_640) >> 15) + gradient);
      const next = index === 0 ? saturate(2 * difference) : (doubled[index - 1] ?? 0);
      zeros[index] = zero;
      doubled[index] = next;
      sum += (zero * next) >> 15;
    }
    return saturate(sum);
  }
}
