import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";

/** A range of so many pairs of UDP ports on loopback, beginning at an even one, that nobody held just now. */
export async function freePortRange(pairs: number): Promise<{ readonly min: number; readonly max: number }> {
  for (;;) {
    const first = await bind(0);
    const min = first === undefined ? 0 : first.address().port + (first.address().port % 2);
    first?.close();
    const max = min + pairs * 2 - 1;
    if (min === 0 || max > 65_535) continue;
    const sockets: (Socket | undefined)[] = [];
    for (let port = min; port <= max; port += 1) sockets.push(await bind(port));
    for (const socket of sockets) socket?.close();
    if (sockets.every((socket) => socket !== undefined)) return { min, max };
  }
}

async function bind(port: number): Promise<Socket | undefined> {
  const socket = createSocket("udp4");
  try {
    socket.bind(port, "127.0.0.1");
    await once(socket, "listening");
    return socket;
  } catch {
    socket.close();
    return undefined;
  }
}
