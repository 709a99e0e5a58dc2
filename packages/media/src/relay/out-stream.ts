import { isNewer } from "../rtp/receiver-statistics.ts";

/** Fields of the next packet of one outgoing stream. */
export interface OutFields {
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly marker: boolean;
}

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
  #lastAtMs = 0;
  #source = "";
  #sequenceOffset = 0;
  #timestampOffset = 0;

  constructor(random: () => number) {
    this.ssrc = random();
    this.#sequence = random() & 0x7fff;
    this.#timestamp = random();
  }

  get timestamp(): number {
    return this.#timestamp;
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
    const isNew = source !== this.#source;
    if (isNew) {
      const elapsed = this.#lastAtMs === 0 ? 0 : Math.max(1, Math.round(((nowMs - this.#lastAtMs) * clockRate) / 1000));
      this.#source = source;
      this.#sequenceOffset = (this.#sequence + 1 - sequence) & 0xffff;
      this.#timestampOffset = (this.#timestamp + elapsed - timestamp) >>> 0;
    }
    const out = (sequence + this.#sequenceOffset) & 0xffff;
    const outTimestamp = (timestamp + this.#timestampOffset) >>> 0;
    if (isNew || isNewer(out, this.#sequence)) {
      this.#sequence = out;
      this.#timestamp = outTimestamp;
      this.#lastAtMs = nowMs;
    }
    return { sequence: out, timestamp: outTimestamp, ssrc: this.ssrc, marker: marker || isNew };
  }

  /** A packet made here. @param advance clock units since the packet before, 0 for a further one of the same moment */
  next(source: string, advance: number, nowMs: number, clockRate: number): OutFields {
    const isNew = source !== this.#source;
    if (isNew && this.#lastAtMs !== 0) {
      const elapsed = Math.round(((nowMs - this.#lastAtMs) * clockRate) / 1000);
      this.#timestamp = (this.#timestamp + Math.max(advance, elapsed)) >>> 0;
    } else this.#timestamp = (this.#timestamp + advance) >>> 0;
    this.#source = source;
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#lastAtMs = nowMs;
    return { sequence: this.#sequence, timestamp: this.#timestamp, ssrc: this.ssrc, marker: isNew };
  }
}
