import { WebSocket } from "ws";
import type { Transport, TransportEvents } from "../transport/transport.ts";

export interface WebSocketClientOptions {
  readonly address: string;
  readonly port: number;
  /** Present for WSS: the certificate that is trusted. */
  readonly caPem?: string;
}

/** The browser's side of SIP over WebSocket (RFC 7118): one connection, made at once; rejects when refused. */
export function openWebSocketClient(
  { address, port, caPem }: WebSocketClientOptions,
  events: TransportEvents,
): Promise<Transport> {
  const name = caPem === undefined ? "ws" : "wss";
  const host = address.includes(":") ? `[${address}]` : address;
  const socket = new WebSocket(`${name}://${host}:${port}/`, "sip", caPem === undefined ? {} : { ca: caPem });
  const flowId = `${name}-client`;
  socket.on("message", (data: Buffer) => events.onMessage(data, { transport: name, address, port, flowId }));
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once("open", () => {
      socket.off("error", reject);
      socket.on("error", () => undefined);
      socket.once("close", () => events.onFlowClosed(flowId));
      resolve({
        name,
        isReliable: true,
        // RFC 7118 §5: a browser has no address that it could tell.
        host: "browser.invalid",
        port: 5060,
        send: (bytes, _remote, onError) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(bytes, { binary: false });
          else onError(new Error("the connection is gone"));
        },
        closeFlow: () => socket.terminate(),
        close: () =>
          new Promise((done) => {
            if (socket.readyState === WebSocket.CLOSED) return done();
            socket.once("close", () => done());
            socket.terminate();
          }),
      });
    });
  });
}
