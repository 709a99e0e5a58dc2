export interface Source {
  readonly address: string;
  readonly port: number;
}

const probationPackets = 5;
const silenceMs = 2000;

/**
 * Where a phone's voice really comes from (symmetric RTP). The address of its SDP may latch at once; another address needs
 * five packets of one stream, and once latched nobody takes over before the present source has been silent for 2 s.
 */
export class Latch {
  #expected: string | undefined;
  #current: Source | undefined;
  #currentSsrc = 0;
  #lastAtMs = 0;
  #candidate: (Source & { readonly ssrc: number; count: number }) | undefined;

  /** A new description was negotiated: its address may latch anew. */
  expect(address: string): void {
    if (address === this.#expected) return;
    this.#expected = address;
    this.#candidate = undefined;
    this.#lastAtMs = 0;
  }

  get current(): Source | undefined {
    return this.#current;
  }

  /** Whether a packet is taken. */
  admit(address: string, port: number, ssrc: number, nowMs: number): boolean {
    const current = this.#current;
    if (current !== undefined && current.port === port && current.address === address) {
      this.#currentSsrc = ssrc;
      this.#lastAtMs = nowMs;
      return true;
    }
    const isSilent = current === undefined || nowMs - this.#lastAtMs > silenceMs;
    // The same stream from a new port is a NAT that changed its mind, not a thief, who cannot know the SSRC.
    const isSameStream = current !== undefined && ssrc === this.#currentSsrc && address === current.address;
    if (!isSilent && !isSameStream) return false;
    if (address === this.#expected || isSameStream) return this.#take(address, port, ssrc, nowMs);
    const candidate = this.#candidate;
    if (
      candidate === undefined ||
      candidate.port !== port ||
      candidate.address !== address ||
      candidate.ssrc !== ssrc
    ) {
      this.#candidate = { address, port, ssrc, count: 1 };
      return false;
    }
    candidate.count += 1;
    return candidate.count >= probationPackets && this.#take(address, port, ssrc, nowMs);
  }

  #take(address: string, port: number, ssrc: number, nowMs: number): true {
    this.#current = { address, port };
    this.#currentSsrc = ssrc;
    this.#lastAtMs = nowMs;
    this.#candidate = undefined;
    return true;
  }
}
