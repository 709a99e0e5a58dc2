/** What one received stream looked like (RFC 3550 §6.4.1, appendix A). */
export interface ReceiverReport {
  readonly ssrc: number;
  /** Share of packets lost since the last report, 0–255 of 256. */
  readonly fractionLost: number;
  /** Negative when more duplicates came than were lost. */
  readonly cumulativeLost: number;
  readonly highestSequence: number;
  /** In clock units. */
  readonly jitter: number;
}

/** A packet as the statistics see it; times are in clock units of the stream. */
export interface ReceivedPacket {
  readonly ssrc: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly arrival: number;
  /** Of the payload. */
  readonly bytes: number;
  /** False where the timestamp is not the moment of sending, as in a key press (RFC 4733 §2.1). */
  readonly isTimed?: boolean;
}

/** Largest gap and largest lateness that are taken as loss and reordering (RFC 3550 §A.1). */
const maxDropout = 3000;
const maxMisorder = 100;

/** Counts a stream by its sequence numbers and arrival times. */
export class ReceiverStatistics {
  #ssrc: number | undefined;
  #base = 0;
  #cycles = 0;
  #max = 0;
  /** Sequence number that would prove that the sender has begun anew. */
  #restartAt: number | undefined;
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

  /** The stream goes on with another clock: its jitter is measured anew. */
  changeClock(): void {
    this.#transit = undefined;
    this.#jitter = 0;
  }

  take({ ssrc, sequence, timestamp, arrival, bytes, isTimed = true }: ReceivedPacket): void {
    this.#totalReceived += 1;
    this.#bytes += bytes;
    if (this.#ssrc !== ssrc || sequence === this.#restartAt) this.#restart(ssrc, sequence);
    else if (!this.#advance(sequence)) return;
    this.#received += 1;
    if (!isTimed) return;
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
      cumulativeLost: Math.max(-0x80_0000, Math.min(0x7f_ffff, expected - this.#received)),
      highestSequence: (this.#cycles + this.#max) >>> 0,
      jitter: Math.floor(this.#jitter),
    };
  }

  /** False for a jump, which counts only when the packet after it confirms it. */
  #advance(sequence: number): boolean {
    const ahead = (sequence - this.#max) & 0xffff;
    const isJump = ahead >= maxDropout && ahead <= 0x1_0000 - maxMisorder;
    this.#restartAt = isJump ? (sequence + 1) & 0xffff : undefined;
    if (isJump || ahead >= maxDropout) return !isJump;
    if (sequence < this.#max) this.#cycles += 0x1_0000;
    this.#max = sequence;
    return true;
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
    this.#restartAt = undefined;
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
