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
}

/** Even RTP ports with RTCP on the next odd one (RFC 3550 §11), out of a range, the one unused for longest first. */
export class PortPool {
  readonly #options: PortPoolOptions;
  readonly #free: { readonly port: number; readonly usableAtMs: number }[] = [];

  constructor(options: PortPoolOptions) {
    this.#options = options;
    for (let port = options.min + (options.min % 2); port + 1 <= options.max; port += 2) {
      this.#free.push({ port, usableAtMs: 0 });
    }
  }

  get free(): number {
    return this.#free.length;
  }

  /** Undefined when the range is used up. Ports that another program holds are passed over. */
  async take(): Promise<PortPair | undefined> {
    for (let tries = Math.min(this.#free.length, 64); tries > 0; tries -= 1) {
      const now = this.#options.now();
      const [next] = this.#free.splice(this.#indexOfUsable(now), 1);
      if (next === undefined) return undefined;
      const rtp = await this.#bind(next.port);
      const rtcp = rtp === undefined ? undefined : await this.#bind(next.port + 1);
      if (rtp !== undefined && rtcp !== undefined) return { port: next.port, rtp, rtcp };
      rtp?.close();
      this.#free.push({ port: next.port, usableAtMs: this.#options.now() + 1000 });
    }
    return undefined;
  }

  give({ port, rtp, rtcp }: PortPair): void {
    rtp.close();
    rtcp.close();
    this.#free.push({ port, usableAtMs: this.#options.now() + (this.#options.quarantineMs ?? 500) });
  }

  /** Beyond the end of the list when there is none. */
  #indexOfUsable(nowMs: number): number {
    const index = this.#free.findIndex(({ usableAtMs }) => usableAtMs <= nowMs);
    return index < 0 ? this.#free.length : index;
  }

  #bind(port: number): Promise<Socket | undefined> {
    const { address } = this.#options;
    const socket = createSocket({ type: isIPv6(address) ? "udp6" : "udp4" });
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
