/** Samples of one frame: 20 ms at 8 kHz. */
export const frameSamples = 160;

export interface JitterBufferLimits {
  /** Voice that is waited for before the first frame is given out, samples. */
  readonly target: number;
  /** More than this is late: the oldest is left out, down to the target. */
  readonly maximum: number;
}

/** 40 ms, and 200 ms at most. */
export const jitterBufferLimits: JitterBufferLimits = { target: 2 * frameSamples, maximum: 10 * frameSamples };

interface Piece {
  /** Where it begins on the sender's clock, unwrapped. */
  readonly start: number;
  readonly samples: Int16Array;
}

/**
 * Evens out the arrival of one party's voice: packets go in as they come, frames of 20 ms are taken out by the mixer's
 * clock. What is lost is silence, what comes too late is left out; a pause of the sender makes it wait anew.
 */
export class JitterBuffer {
  readonly #limits: JitterBufferLimits;
  #pieces: Piece[] = [];
  #ssrc: number | undefined;
  /** Sender's clock of the next sample to be given out; undefined while it collects. */
  #next: number | undefined;
  #lastTimestamp = 0;
  #wraps = 0;

  constructor(limits: JitterBufferLimits = jitterBufferLimits) {
    this.#limits = limits;
  }

  /** Samples waiting, gaps of lost packets included. */
  get waiting(): number {
    const last = this.#pieces.at(-1);
    const first = this.#next ?? this.#pieces[0]?.start;
    return last === undefined || first === undefined ? 0 : Math.max(0, last.start + last.samples.length - first);
  }

  /** @param timestamp of RTP, on a clock of 8 kHz */
  push(ssrc: number, timestamp: number, samples: Int16Array): void {
    if (ssrc !== this.#ssrc) this.#restart(ssrc, timestamp);
    const start = this.#unwrap(timestamp);
    // A jump of the clock without a new SSRC, as some phones make it after hold.
    if (Math.abs(start - (this.#next ?? this.#pieces[0]?.start ?? start)) > 8 * this.#limits.maximum) {
      this.#restart(ssrc, timestamp);
      this.#insert({ start: this.#unwrap(timestamp), samples });
      return;
    }
    if (this.#next !== undefined && start + samples.length <= this.#next) return;
    this.#insert({ start, samples });
    const excess = this.waiting - this.#limits.maximum;
    if (excess > 0) this.#skipTo((this.#next ?? this.#pieces[0]?.start ?? 0) + this.waiting - this.#limits.target);
  }

  /** The next 20 ms; undefined while there is nothing to be heard. */
  take(): Int16Array | undefined {
    if (this.#next === undefined) {
      if (this.waiting < this.#limits.target) return undefined;
      this.#next = this.#pieces[0]?.start ?? 0;
    }
    if (this.waiting === 0) {
      this.#next = undefined;
      return undefined;
    }
    const from = this.#next;
    const frame = new Int16Array(frameSamples);
    for (const { start, samples } of this.#pieces) {
      if (start >= from + frameSamples) break;
      const skipped = Math.max(0, from - start);
      const at = Math.max(0, start - from);
      frame.set(samples.subarray(skipped, skipped + frameSamples - at), at);
    }
    this.#skipTo(from + frameSamples);
    return frame;
  }

  #insert(piece: Piece): void {
    let at = this.#pieces.length;
    while (at > 0 && (this.#pieces[at - 1]?.start ?? 0) > piece.start) at -= 1;
    if (this.#pieces[at - 1]?.start === piece.start) return;
    this.#pieces.splice(at, 0, piece);
  }

  #skipTo(position: number): void {
    if (this.#next !== undefined) this.#next = position;
    this.#pieces = this.#pieces.filter(({ start, samples }) => start + samples.length > position);
  }

  #restart(ssrc: number, timestamp: number): void {
    this.#ssrc = ssrc;
    this.#pieces = [];
    this.#next = undefined;
    this.#wraps = 0;
    this.#lastTimestamp = timestamp;
  }

  #unwrap(timestamp: number): number {
    const step = (timestamp - this.#lastTimestamp) | 0;
    const before = this.#wraps + this.#lastTimestamp;
    const position = before + step;
    if (step > 0) {
      this.#wraps = position - timestamp;
      this.#lastTimestamp = timestamp;
    }
    return position;
  }
}
