/** Fields of the next packet of one outgoing stream. */
export interface OutFields {
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly marker: boolean;
}

/** Larger jumps of a source's sequence numbers are a new beginning, not loss or reordering (RFC 3550 §A.1). */
const maxDropout = 3000;
const maxMisorder = 100;

/**
 * One stream towards a phone, whatever feeds it: its own SSRC, sequence numbers without a jump and timestamps that go on
 * when the source changes from tone to voice to another voice. Loss and reordering of a relayed source are kept.
 */
export class OutStream {
  readonly ssrc: number;
  packets = 0;
  bytes = 0;
  #sequence: number;
  #timestamp: number;
  /** When a packet had `#timestamp` first; undefined before the first packet. */
  #stampedAtMs: number | undefined;
  #source: string | undefined;
  #sequenceOffset = 0;
  #timestampOffset = 0;

  constructor(random: () => number) {
    this.ssrc = random();
    this.#sequence = random() & 0x7fff;
    this.#timestamp = random() >>> 0;
  }

  /** What a packet made now would carry; for sender reports (RFC 3550 §6.4.1). */
  timestampAt(nowMs: number, clockRate: number): number {
    return (this.#timestamp + this.#elapsed(nowMs, clockRate)) >>> 0;
  }

  /** The present source has a pause that its own numbers do not show; the next packet follows the last one sent. */
  cut(): void {
    this.#source = undefined;
  }

  /** A relayed packet. @param source names the stream it comes from; a change makes a new offset */
  relay(
    source: string,
    sequence: number,
    timestamp: number,
    marker: boolean,
    nowMs: number,
    clockRate: number,
  ): OutFields {
    const ahead = (((sequence + this.#sequenceOffset - this.#sequence) & 0xffff) << 16) >> 16;
    const isNew = source !== this.#source || ahead >= maxDropout || ahead <= -maxMisorder;
    if (isNew) {
      const elapsed = this.#stampedAtMs === undefined ? 0 : Math.max(1, this.#elapsed(nowMs, clockRate));
      this.#source = source;
      this.#sequenceOffset = (this.#sequence + 1 - sequence) & 0xffff;
      this.#timestampOffset = (this.#timestamp + elapsed - timestamp) >>> 0;
    }
    const out = (sequence + this.#sequenceOffset) & 0xffff;
    const outTimestamp = (timestamp + this.#timestampOffset) >>> 0;
    if (isNew || ahead > 0) {
      this.#sequence = out;
      this.#stamp(outTimestamp, nowMs);
    }
    return { sequence: out, timestamp: outTimestamp, ssrc: this.ssrc, marker: marker || isNew };
  }

  /** A packet made here. @param advance clock units since the packet before, 0 for a further one of the same moment */
  next(source: string, advance: number, nowMs: number, clockRate: number): OutFields {
    const isNew = source !== this.#source;
    const step = isNew ? Math.max(advance, this.#elapsed(nowMs, clockRate)) : advance;
    this.#source = source;
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#stamp((this.#timestamp + step) >>> 0, nowMs);
    return { sequence: this.#sequence, timestamp: this.#timestamp, ssrc: this.ssrc, marker: isNew };
  }

  #elapsed(nowMs: number, clockRate: number): number {
    return this.#stampedAtMs === undefined ? 0 : Math.round(((nowMs - this.#stampedAtMs) * clockRate) / 1000);
  }

  /** All packets of a key press carry the timestamp of its beginning: time counts from the first of them. */
  #stamp(timestamp: number, nowMs: number): void {
    if (this.#stampedAtMs !== undefined && timestamp === this.#timestamp) return;
    this.#timestamp = timestamp;
    this.#stampedAtMs = nowMs;
  }
}
