import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventText } from "./payload.ts";
import type { RunningPeer } from "./fanout.ts";
import { endWithUs } from "../child.ts";

const subject = "calls";

/** Peer: nats-server with its WebSocket listener; receivers speak just enough of its protocol. */
export async function startNats(): Promise<RunningPeer> {
  const dir = await mkdtemp(join(tmpdir(), "pbx-x-nats-"));
  const [port, wsPort] = [await freePort(), await freePort()];
  await writeFile(
    join(dir, "nats.conf"),
    `host: 127.0.0.1\nport: ${port}\nmax_pending: 256MB\nwebsocket { host: 127.0.0.1, port: ${wsPort}, no_tls: true }\n`,
  );
  const child = spawn("nats-server", ["-c", join(dir, "nats.conf")], { stdio: "ignore" });
  endWithUs(child);
  const failed = once(child, "error").then(() => {
    throw new Error("nats-server could not be started; on Debian: apt-get install -y nats-server");
  });
  const publisher = await Promise.race([connectWhenReady(port), failed]);
  publisher.resume();
  publisher.write('CONNECT {"verbose":false}\r\n');
  const payload = eventText(0);
  const size = Buffer.byteLength(payload);
  const message = `PUB ${subject} ${size}\r\n${payload}\r\n`;
  return {
    pid: child.pid ?? 0,
    open: { port: wsPort, path: "/", say: [`CONNECT {"verbose":false}\r\nSUB ${subject} 1\r\n`] },
    unit: "bytes",
    perEvent: Buffer.byteLength(`MSG ${subject} 1 ${size}\r\n`) + size + 2,
    publish: (events) =>
      new Promise((resolve) => {
        publisher.write(message.repeat(events), () => resolve());
      }),
    collectGarbage: () => Promise.resolve(),
    stop: async () => {
      publisher.destroy();
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      await exited;
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function connectWhenReady(port: number): Promise<Socket> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const socket = connect(port, "127.0.0.1");
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false));
    });
    if (isOpen) return socket;
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
  throw new Error("nats-server does not listen");
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
