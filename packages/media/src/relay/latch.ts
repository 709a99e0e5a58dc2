export interface Source {
  readonly address: string;
  readonly port: number;
}

const probationPackets = 5;
const silenceMs = 2000;

/**
 * Where a phone's voice really comes from (symmetric RTP). Address and port of its SDP may latch at once, so may its
 * address while nothing else is latched; another address needs five packets of one stream. Once latched, nobody else
 * takes over before the present source has been silent for 2 s.
 */
export class Latch {
  #described: Source | undefined;
  #current: Source | undefined;
  #currentSsrc = 0;
  #lastAtMs = 0;
  #candidate: (Source & { readonly ssrc: number; count: number }) | undefined;

  /** A description was negotiated: one with another address or port may latch anew. */
  expect(address: string, port: number): void {
    if (this.#described?.address === address && this.#described.port === port) return;
    this.#described = { address, port };
    this.#current = undefined;
    this.#candidate = undefined;
  }

  /** Undefined until something has latched: then send to where the SDP says. */
  get current(): Source | undefined {
    return this.#current;
  }

  /** Whether a packet is taken. */
  admit(address: string, port: number, ssrc: number, nowMs: number): boolean {
    // To port 0 nothing can be sent, and trying would end the thread with all its calls: such a source is forged.
    if (port === 0) return false;
    const current = this.#current;
    if (current !== undefined && current.port === port && current.address === address) {
      this.#currentSsrc = ssrc;
      this.#lastAtMs = nowMs;
      return true;
    }
    const isDescribed = this.#described?.address === address && this.#described.port === port;
    // The same stream from a new port is a NAT that changed its mind, not a thief, who cannot know the SSRC.
    const isSameStream = current !== undefined && ssrc === this.#currentSsrc && address === current.address;
    if (isDescribed || isSameStream) return this.#take(address, port, ssrc, nowMs);
    if (current !== undefined && nowMs - this.#lastAtMs <= silenceMs) return false;
    if (address === this.#described?.address) return this.#take(address, port, ssrc, nowMs);
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
