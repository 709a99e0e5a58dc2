import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { printRtp } from "@pbx-x/media";

export interface LineFigures {
  readonly sent: number;
  readonly received: number;
  /** Milliseconds from one phone's send to the other's receipt, a sample of them. */
  readonly delays: readonly number[];
}

/** One side of a call's voice: says numbered packets that carry their time, counts what arrives from the other side. */
export class VoiceLine {
  readonly port: number;
  readonly #socket: Socket;
  readonly #ssrc: number;
  readonly #payloadType: number;
  #to: { readonly address: string; readonly port: number } | undefined;
  #sequence = 0;
  #sent = 0;
  #received = 0;
  #delays: number[] = [];

  static async open(ssrc: number, payloadType = 8): Promise<VoiceLine> {
    const socket = createSocket({ type: "udp4", recvBufferSize: 1 << 18 });
    socket.on("error", () => undefined);
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    return new VoiceLine(socket, ssrc, payloadType);
  }

  private constructor(socket: Socket, ssrc: number, payloadType: number) {
    this.#payloadType = payloadType;
    this.#socket = socket;
    this.#ssrc = ssrc;
    this.port = socket.address().port;
    socket.on("message", (packet) => this.#onPacket(packet));
  }

  speakTo(address: string, port: number): void {
    this.#to = { address, port };
  }

  /** One packet of 20 ms, of G.711 or G.722; its first eight bytes say when it was sent. */
  send(): void {
    if (this.#to === undefined) return;
    this.#sequence += 1;
    this.#sent += 1;
    const payload = Buffer.alloc(160, 0xd5);
    payload.writeDoubleLE(performance.now(), 0);
    const timestamp = (this.#sequence * 160) >>> 0;
    const fields = {
      payloadType: this.#payloadType,
      marker: false,
      sequence: this.#sequence & 0xffff,
      timestamp,
      ssrc: this.#ssrc,
    };
    this.#socket.send(printRtp(fields, payload), this.#to.port, this.#to.address);
  }

  /** Figures since the last time; counting begins anew. */
  take(): LineFigures {
    const figures = { sent: this.#sent, received: this.#received, delays: this.#delays };
    this.#sent = 0;
    this.#received = 0;
    this.#delays = [];
    return figures;
  }

  close(): void {
    this.#socket.close();
  }

  #onPacket(packet: Buffer): void {
    if (packet.length !== 172) return;
    this.#received += 1;
    if (this.#received % 10 === 0) this.#delays.push(performance.now() - packet.readDoubleLE(12));
  }
}
