import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";

/** A bare UDP socket for tests: what came in is taken packet by packet. */
export interface UdpPeer {
  readonly address: string;
  readonly port: number;
  send(packet: Uint8Array, port: number, address?: string): void;
  /** The next packet, as soon as there is one. */
  next(): Promise<Buffer>;
  close(): void;
}

/** @param port 0 for any */
export async function openUdpPeer(address = "127.0.0.1", port = 0): Promise<UdpPeer> {
  const socket: Socket = createSocket("udp4");
  const packets: Buffer[] = [];
  let waiting: ((packet: Buffer) => void) | undefined;
  socket.on("message", (packet) => {
    if (waiting === undefined) {
      packets.push(packet);
      return;
    }
    const resolve = waiting;
    waiting = undefined;
    resolve(packet);
  });
  socket.bind(port, address);
  await once(socket, "listening");
  return {
    address,
    port: socket.address().port,
    send: (packet, to, host = "127.0.0.1") => socket.send(packet, to, host),
    next: () => {
      const first = packets.shift();
      if (first !== undefined) return Promise.resolve(first);
      return new Promise((resolve) => {
        waiting = resolve;
      });
    },
    close: () => socket.close(),
  };
}
