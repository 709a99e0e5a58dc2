import { saturate } from "./g722-band.ts";
import { qmfTaps } from "./g722-tables.ts";

const taps = 24;

/** Quadrature mirror filter of ITU-T G.722 §3.1 and §4.4: splits 16 kHz into two bands of 8 kHz, or joins them. */
export class G722Filter {
  readonly #line = new Int32Array(taps);

  /** Two samples of 16 kHz into one of each band, 15 bits wide. */
  split(first: number, second: number): { readonly lower: number; readonly higher: number } {
    const { odd, even } = this.#push(first, second);
    return { lower: (even + odd) >> 14, higher: (even - odd) >> 14 };
  }

  /** One sample of each band into two of 16 kHz. */
  join(lower: number, higher: number): { readonly first: number; readonly second: number } {
    const { odd, even } = this.#push(lower + higher, lower - higher);
    return { first: saturate(even >> 11), second: saturate(odd >> 11) };
  }

  #push(first: number, second: number): { readonly odd: number; readonly even: number } {
    const line = this.#line;
    let odd = 0;
    let even = 0;
    for (let index = 0; index < taps / 2; index += 1) {
      const isNewest = index === taps / 2 - 1;
      const older = isNewest ? first : (line[2 * index + 2] ?? 0);
      const newer = isNewest ? second : (line[2 * index + 3] ?? 0);
      line[2 * index] = older;
      line[2 * index + 1] = newer;
      odd += older * (qmfTaps[index] ?? 0);
      even += newer * (qmfTaps[taps / 2 - 1 - index] ?? 0);
    }
    return { odd, even };
  }
}
