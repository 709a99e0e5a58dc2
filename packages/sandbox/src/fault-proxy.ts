import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { farewell, type FrameFault, frameFaults, FrameLine } from "./frame-line.ts";

/** Lasting faults of the network, ended by `heal`. */
const states = ["silence", "refuse", "refuse401", "refuse403", "refuse404", "refuse429", "refuse503", "heal"] as const;
type State = (typeof states)[number];

/** What the server says and how it closes. */
const farewells = {
  expire: { code: 4001, reason: "auth_revoked", reconnect: true },
  fence: { code: 4002, reason: "duplicate_connection", reconnect: false },
  slow: { code: 4008, reason: "slow_consumer", reconnect: true },
} as const;
type Farewell = keyof typeof farewells;

/** What each fault does, for the control page. */
export const networkFaults = {
  cut: "all connections end",
  forget: "all connections end, and their sessions are forgotten",
  silence: "nothing comes through, and nobody is told",
  refuse: "no connection opens",
  refuse401: "no socket opens: the token is refused (401)",
  refuse403: "no socket opens: forbidden (403)",
  refuse404: "no socket opens: there is no such address (404)",
  refuse429: "no socket opens: too many requests (429)",
  refuse503: "no socket opens: the server is busy (503)",
  drop: "the next frame to each application is lost",
  delay: "it and all behind it come 3 s later",
  duplicate: "it comes twice",
  reorder: "it comes after the one behind it",
  truncate: "half of it comes",
  expire: "the server ends the token (4001)",
  fence: "the same client was opened elsewhere (4002)",
  slow: "the server ends who reads too slowly (4008)",
  heal: "all is well again",
} as const satisfies Readonly<Record<State | FrameFault | Farewell | "cut" | "forget", string>>;
export type NetworkFault = keyof typeof networkFaults;

export interface FaultProxy {
  readonly port: number;
  /** See {@link networkFaults}. */
  pull(fault: NetworkFault): void;
  stop(): Promise<void>;
}

interface Line {
  readonly near: Socket;
  readonly toClient: FrameLine;
}

/** Stands in front of the server and fails on request. */
export async function startFaultProxy(
  targetPort: number,
  { host, port }: { host: string; port: number },
): Promise<FaultProxy> {
  const sockets = new Set<Socket>();
  const lines = new Set<Line>();
  let state: State = "heal";
  let forgetful = false;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  };
  const cut = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const server = createServer((near) => {
    keep(near);
    if (state === "refuse") {
      near.destroy();
      return;
    }
    const far = connect(targetPort, "127.0.0.1");
    keep(far);
    far.on("close", () => near.destroy());
    near.on("close", () => far.destroy());
    let line: Line | undefined;
    near.on("data", (data) => {
      if (state === "silence") return;
      const head = /^GET (\S+) HTTP/.exec(data.toString("latin1", 0, 4096))?.[1] ?? "";
      const isUpgrade = line === undefined && /^\/(ws|socket\.io)\b/.test(head);
      const status = /^refuse(\d+)$/.exec(state)?.[1];
      if (status !== undefined && (isUpgrade || head.startsWith("/api/v1/auth/session"))) {
        near.end(`HTTP/1.1 ${status} Refused\r\nContent-Length: 0\r\nRetry-After: 2\r\nConnection: close\r\n\r\n`);
        return;
      }
      if (!isUpgrade) {
        far.write(data);
        return;
      }
      line = { near, toClient: new FrameLine((bytes) => near.write(bytes)) };
      const own = line;
      lines.add(own);
      near.on("close", () => lines.delete(own));
      far.write(forgetful ? withoutSession(data) : data);
      forgetful = false;
    });
    let isOpen = false;
    far.on("data", (data) => {
      if (state === "silence") return;
      if (line === undefined) {
        near.write(data);
        return;
      }
      if (isOpen) {
        line.toClient.push(data);
        return;
      }
      // The answer to the upgrade, perhaps with the first frames behind it.
      const end = data.indexOf("\r\n\r\n") + 4;
      isOpen = data.toString("latin1", 0, 12).endsWith("101");
      if (!isOpen || end < 4) {
        near.write(data);
        return;
      }
      near.write(data.subarray(0, end));
      line.toClient.push(data.subarray(end));
    });
  });
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the sandbox has no port");
  return {
    port: address.port,
    pull: (fault) => {
      const frame = frameFaults.find((each) => each === fault);
      const lasting = states.find((each) => each === fault);
      if (frame !== undefined) for (const { toClient } of lines) toClient.fail(frame);
      else if (lasting !== undefined) state = lasting;
      else if (fault === "expire" || fault === "fence" || fault === "slow") {
        for (const { near } of lines) near.end(disconnected(farewells[fault]));
      }
      if (fault === "forget") forgetful = true;
      if (fault === "cut" || fault === "forget" || fault.startsWith("refuse")) cut();
    },
    stop: async () => {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}

/** The same request without the session that it would go on with. */
function withoutSession(request: Buffer): Buffer {
  return Buffer.from(request.toString("latin1").replace(/([?&])resume=[^&\s]*/, "$1resume="), "latin1");
}

function disconnected({ code, reason, reconnect }: (typeof farewells)[Farewell]): Buffer {
  const timestamp = new Date().toISOString();
  const data = { reason, message: `The sandbox was asked for it (${reason}).`, reconnect };
  return farewell(JSON.stringify({ type: "DISCONNECTED", timestamp, data }), code);
}
