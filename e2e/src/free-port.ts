import { createSocket } from "node:dgram";
import { createServer } from "node:net";

/** Nobody else gets a port between asking for it and binding it. */
const given = new Set<number>();

/** A loopback port that is free for UDP and TCP, with the next one free as well (some phones take both). */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    const port = await tcpPort(0);
    if (port === undefined || !(await isFree(port)) || !(await isFree(port + 1))) continue;
    if (given.has(port) || given.has(port + 1)) continue;
    given.add(port).add(port + 1);
    return port;
  }
  throw new Error("no free loopback port found");
}

async function isFree(port: number): Promise<boolean> {
  return (await tcpPort(port)) !== undefined && (await isUdpFree(port));
}

function tcpPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : undefined));
    });
  });
}

function isUdpFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.once("error", () => resolve(false));
    socket.bind(port, "127.0.0.1", () => socket.close(() => resolve(true)));
  });
}
