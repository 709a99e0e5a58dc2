import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";

export interface PortPair {
  readonly port: number;
  readonly rtp: Socket;
  readonly rtcp: Socket;
}

export interface PortPoolOptions {
  readonly address: string;
  /** First even port at or above. */
  readonly min: number;
  readonly max: number;
  readonly now: () => number;
  /** A pair is not used again for so long: late packets of the former call must not reach the next one. */
  readonly quarantineMs?: number;
  /** Pairs that stay bound after their use, for the next call; default 256. */
  readonly maxIdle?: number;
}

interface Idle {
  readonly pair: PortPair;
  readonly usableAtMs: number;
}

interface Closed {
  readonly port: number;
  readonly usableAtMs: number;
}

/**
 * Even RTP ports with RTCP on the next odd one (RFC 3550 §11), out of a range. Binding four sockets is most of what a short
 * call costs, so pairs stay bound for a while; of those, and of the others, the one unused for longest comes first.
 */
export class PortPool {
  readonly #options: PortPoolOptions;
  /** In the order of their use; a set, for taking the first of a long array moves all the others. */
  readonly #closed = new Set<Closed>();
  readonly #idle = new Set<Idle>();

  constructor(options: PortPoolOptions) {
    this.#options = options;
    for (let port = options.min + (options.min % 2); port + 1 <= options.max; port += 2) {
      this.#closed.add({ port, usableAtMs: 0 });
    }
  }

  get free(): number {
    return this.#closed.size + this.#idle.size;
  }

  /** Undefined when the range is used up. Ports that another program holds are passed over. */
  async take(): Promise<PortPair | undefined> {
    const idle = takeUsable(this.#idle, this.#options.now());
    if (idle !== undefined) return idle.pair;
    for (let tries = Math.min(this.#closed.size, 64); tries > 0; tries -= 1) {
      const next = takeUsable(this.#closed, this.#options.now());
      if (next === undefined) return undefined;
      const rtp = await this.#bind(next.port);
      const rtcp = rtp === undefined ? undefined : await this.#bind(next.port + 1);
      if (rtp !== undefined && rtcp !== undefined) return { port: next.port, rtp, rtcp };
      rtp?.close();
      this.#closed.add({ port: next.port, usableAtMs: this.#options.now() + 1000 });
    }
    return undefined;
  }

  /** What still comes to the pair is for nobody. */
  give(pair: PortPair): void {
    pair.rtp.removeAllListeners("message");
    pair.rtcp.removeAllListeners("message");
    const usableAtMs = this.#options.now() + (this.#options.quarantineMs ?? 500);
    if (this.#idle.size < (this.#options.maxIdle ?? 256)) this.#idle.add({ pair, usableAtMs });
    else this.#close(pair, usableAtMs);
  }

  /** Ends the sockets that nobody uses. */
  close(): void {
    for (const { pair, usableAtMs } of this.#idle) this.#close(pair, usableAtMs);
    this.#idle.clear();
  }

  #close({ port, rtp, rtcp }: PortPair, usableAtMs: number): void {
    rtp.close();
    rtcp.close();
    this.#closed.add({ port, usableAtMs });
  }

  #bind(port: number): Promise<Socket | undefined> {
    const { address } = this.#options;
    const type = isIPv6(address) ? "udp6" : "udp4";
    // There are only addresses here: no name has to be looked up, so a packet leaves in the same turn.
    const socket = createSocket({ type, lookup: (to, _, done) => done(null, to, type === "udp6" ? 6 : 4) });
    return new Promise((resolve) => {
      socket.once("error", () => {
        socket.close();
        resolve(undefined);
      });
      socket.bind(port, address, () => {
        socket.removeAllListeners("error");
        socket.on("error", () => undefined);
        resolve(socket);
      });
    });
  }
}

/** The first that may be used; undefined when there is none. */
function takeUsable<Entry extends { readonly usableAtMs: number }>(
  entries: Set<Entry>,
  nowMs: number,
): Entry | undefined {
  for (const entry of entries) {
    if (entry.usableAtMs > nowMs) continue;
    entries.delete(entry);
    return entry;
  }
  return undefined;
}
