import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type WebSocket, WebSocketServer } from "ws";
import { AddressCounter } from "./address-counter.ts";
import { createPingLimit } from "./ping-limit.ts";
import { plainAddress, type Transport, type TransportEvents } from "./transport.ts";

export interface WebSocketOptions {
  readonly host: string;
  /** 0 for any. */
  readonly port: number;
  /** Present for WSS. */
  readonly tls?: { readonly certPem: string; readonly keyPem: string };
  readonly maxConnections?: number;
  readonly maxConnectionsPerAddress?: number;
  readonly maxMessageSize?: number;
  /** Bytes that may wait for a slow reader. */
  readonly maxPending?: number;
  /** A connection on which nothing comes for so long ends, ms: one that vanished without a word keeps its place no longer. */
  readonly idleMs?: number;
}

/** SIP over WebSocket (RFC 7118): sub-protocol `sip`, one message per frame; clients connect, the server never does. */
export function openWebSocket(options: WebSocketOptions, events: TransportEvents): Promise<Transport> {
  const { maxConnections = 10_000, maxConnectionsPerAddress = 500, tls } = options;
  const { maxMessageSize = 65_535, maxPending = 1 << 20, idleMs = 3_600_000 } = options;
  const name = tls === undefined ? "ws" : "wss";
  const flows = new Map<string, WebSocket>();
  const perAddress = new AddressCounter();
  let counter = 0;
  const http = tls === undefined ? createHttpServer() : createHttpsServer({ cert: tls.certPem, key: tls.keyPem });
  // With those that have not said yet what they want.
  http.maxConnections = 2 * maxConnections;
  http.headersTimeout = 10_000;
  const server = new WebSocketServer({
    server: http,
    maxPayload: maxMessageSize,
    perMessageDeflate: false,
    handleProtocols: (protocols) => (protocols.has("sip") ? "sip" : false),
    verifyClient: ({ req }: { req: IncomingMessage }) =>
      flows.size < maxConnections &&
      perAddress.of(plainAddress(req.socket.remoteAddress ?? "")) < maxConnectionsPerAddress &&
      (req.headers["sec-websocket-protocol"] ?? "").split(/,\s*/).includes("sip"),
  });
  server.on("error", () => undefined);
  server.on("connection", (socket, request) => {
    counter += 1;
    const flowId = `${name}-${counter}`;
    const address = plainAddress(request.socket.remoteAddress ?? "");
    const remote = { transport: name, address, port: request.socket.remotePort ?? 0, flowId } as const;
    flows.set(flowId, socket);
    perAddress.add(address);
    const mayPing = createPingLimit();
    request.socket.setTimeout(idleMs, () => socket.terminate());
    socket.on("error", () => undefined);
    socket.on("message", (data: Buffer) => {
      if (data.length > 4) events.onMessage(data, remote);
      // Who pings and does not read would have its answers wait here without end.
      else if (!mayPing()) socket.terminate();
      else socket.send("\r\n");
    });
    socket.once("close", () => {
      flows.delete(flowId);
      perAddress.remove(address);
      events.onFlowClosed(flowId);
    });
  });
  return new Promise((resolve, reject) => {
    http.once("error", reject);
    http.listen({ host: options.host, port: options.port }, () => {
      http.off("error", reject);
      const bound = http.address();
      if (bound === null || typeof bound === "string") return reject(new Error("no address"));
      resolve({
        name,
        isReliable: true,
        host: bound.address,
        port: bound.port,
        send: (bytes, remote, onError) => {
          const socket = remote.flowId === undefined ? undefined : flows.get(remote.flowId);
          if (socket === undefined) return onError(new Error("a browser can be reached on its own connection only"));
          if (socket.bufferedAmount > maxPending) {
            socket.terminate();
            return onError(new Error("the far side does not read"));
          }
          socket.send(bytes, { binary: false }, (error) => {
            if (error instanceof Error) onError(error);
          });
        },
        closeFlow: (flowId) => flows.get(flowId)?.terminate(),
        close: () =>
          new Promise((done) => {
            for (const socket of flows.values()) socket.terminate();
            server.close();
            http.close(() => done());
            http.closeAllConnections();
          }),
      });
    });
  });
}
