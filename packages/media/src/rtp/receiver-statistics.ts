/** What one received stream looked like (RFC 3550 §6.4.1, appendix A). */
export interface ReceiverReport {
  readonly ssrc: number;
  /** Share of packets lost since the last report, 0–255 of 256. */
  readonly fractionLost: number;
  readonly cumulativeLost: number;
  readonly highestSequence: number;
  /** In clock units. */
  readonly jitter: number;
}

/** Counts a stream by its sequence numbers and arrival times. */
export class ReceiverStatistics {
  #ssrc: number | undefined;
  #base = 0;
  #cycles = 0;
  #max = 0;
  #received = 0;
  #bytes = 0;
  #jitter = 0;
  #transit: number | undefined;
  #expectedPrior = 0;
  #receivedPrior = 0;
  #lostBefore = 0;
  #totalReceived = 0;

  get packets(): number {
    return this.#totalReceived;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Of all streams seen. */
  get lost(): number {
    return this.#lostBefore + Math.max(0, this.#expected() - this.#received);
  }

  get jitter(): number {
    return this.#jitter;
  }

  get ssrc(): number | undefined {
    return this.#ssrc;
  }

  /** @param arrival time of arrival in clock units of the stream */
  take(ssrc: number, sequence: number, timestamp: number, arrival: number, bytes: number): void {
    if (this.#ssrc !== ssrc) this.#restart(ssrc, sequence);
    else if (isNewer(sequence, this.#max)) {
      if (sequence < this.#max) this.#cycles += 0x1_0000;
      this.#max = sequence;
    }
    this.#received += 1;
    this.#totalReceived += 1;
    this.#bytes += bytes;
    const transit = (arrival - timestamp) | 0;
    if (this.#transit !== undefined) this.#jitter += (Math.abs((transit - this.#transit) | 0) - this.#jitter) / 16;
    this.#transit = transit;
  }

  /** Undefined before the first packet; begins a new interval. */
  report(): ReceiverReport | undefined {
    if (this.#ssrc === undefined) return undefined;
    const expected = this.#expected();
    const expectedNow = expected - this.#expectedPrior;
    const lostNow = expectedNow - (this.#received - this.#receivedPrior);
    this.#expectedPrior = expected;
    this.#receivedPrior = this.#received;
    const fractionLost =
      expectedNow <= 0 || lostNow <= 0 ? 0 : Math.min(255, Math.floor((lostNow * 256) / expectedNow));
    return {
      ssrc: this.#ssrc,
      fractionLost,
      cumulativeLost: Math.max(0, Math.min(0x7f_ffff, expected - this.#received)),
      highestSequence: (this.#cycles + this.#max) >>> 0,
      jitter: Math.floor(this.#jitter),
    };
  }

  #expected(): number {
    return this.#ssrc === undefined ? 0 : this.#cycles + this.#max - this.#base + 1;
  }

  #restart(ssrc: number, sequence: number): void {
    this.#lostBefore = this.lost;
    this.#ssrc = ssrc;
    this.#base = sequence;
    this.#max = sequence;
    this.#cycles = 0;
    this.#received = 0;
    this.#expectedPrior = 0;
    this.#receivedPrior = 0;
    this.#transit = undefined;
  }
}

/** Whether a 16-bit sequence number comes after another (RFC 1982). */
export function isNewer(sequence: number, than: number): boolean {
  const distance = (sequence - than) & 0xffff;
  return distance !== 0 && distance < 0x8000;
}
