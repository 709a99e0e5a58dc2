import { connect as connectTcp, createServer as createTcpServer, isIP, type Server, type Socket } from "node:net";
import {
  checkServerIdentity,
  connect as connectTls,
  createServer as createTlsServer,
  rootCertificates,
  type TLSSocket,
} from "node:tls";
import { createStreamFramer } from "../framing/stream-framer.ts";
import { AddressCounter } from "./address-counter.ts";
import { createPingLimit } from "./ping-limit.ts";
import { plainAddress, type Remote, type Transport, type TransportEvents } from "./transport.ts";

export interface StreamOptions {
  readonly host: string;
  /** 0 for any. */
  readonly port: number;
  /** Present for TLS. */
  readonly tls?: { readonly certPem: string; readonly keyPem: string };
  /** Certificates of authorities (PEM) that are trusted besides the well-known ones, where a far side has to prove its name. */
  readonly trustedCaPem?: string;
  readonly maxConnections?: number;
  readonly maxConnectionsPerAddress?: number;
  /** A connection that has not sent one whole message by then is closed. */
  readonly firstMessageMs?: number;
  /** A connection without a byte in either direction for so long is closed. */
  readonly idleMs?: number;
  /** A far side that has not taken our connection by then cannot be reached; below 64 × T1, so that UDP can still be tried. */
  readonly connectMs?: number;
  /** Bytes that may wait for a slow reader. */
  readonly maxPending?: number;
}

interface Peer {
  readonly address: string;
  readonly port: number;
  readonly tlsName?: string;
}

/** A connection whose far side proved its name is not the same as one whose far side did not. */
function keyOf({ address, port, tlsName = "" }: Peer): string {
  return `${address}|${port}|${tlsName}`;
}

const pong = new Uint8Array([13, 10]);

/** SIP over TCP or TLS: both directions share a connection (RFC 5923 in spirit), one flow each. */
export function openStream(options: StreamOptions, events: TransportEvents): Promise<Transport> {
  const {
    maxConnections = 10_000,
    maxConnectionsPerAddress = 500,
    firstMessageMs = 10_000,
    idleMs = 3_600_000,
    connectMs = 4000,
    maxPending = 1 << 20,
  } = options;
  const name = options.tls === undefined ? "tcp" : "tls";
  const flows = new Map<string, Socket>();
  const byPeer = new Map<string, string>();
  const perAddress = new AddressCounter();
  let counter = 0;
  let isClosed = false;

  function adopt(socket: Socket, peer: Peer, isOwn: boolean): string {
    counter += 1;
    const flowId = `${name}-${counter}`;
    const remote: Remote = { transport: name, address: peer.address, port: peer.port, flowId };
    const peerKey = keyOf(peer);
    const frame = createStreamFramer();
    const mayPing = createPingLimit();
    flows.set(flowId, socket);
    byPeer.set(peerKey, flowId);
    perAddress.add(peer.address);
    socket.setNoDelay(true);
    socket.setTimeout(idleMs, () => socket.destroy());
    // Not the socket's own time-out: a byte now and then must not prolong it.
    const deadline = setTimeout(() => socket.destroy(), isOwn ? connectMs : firstMessageMs);
    if (isOwn) socket.once(name === "tls" ? "secureConnect" : "connect", () => clearTimeout(deadline));
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Uint8Array) => {
      for (const part of frame(chunk)) {
        if (part.kind === "error") socket.destroy();
        // Who pings and does not read would have its answers wait here without end.
        else if (part.kind === "ping" && !mayPing()) socket.destroy();
        else if (part.kind === "ping") socket.write(pong);
        else if (part.kind === "message") {
          clearTimeout(deadline);
          events.onMessage(part.bytes, remote);
        }
      }
    });
    socket.once("close", () => {
      clearTimeout(deadline);
      flows.delete(flowId);
      if (byPeer.get(peerKey) === flowId) byPeer.delete(peerKey);
      perAddress.remove(peer.address);
      events.onFlowClosed(flowId);
    });
    return flowId;
  }

  function onConnection(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress ?? "");
    const isTooMany = flows.size >= maxConnections || perAddress.of(address) >= maxConnectionsPerAddress;
    if (isTooMany || socket.remotePort === undefined) socket.destroy();
    else adopt(socket, { address, port: socket.remotePort }, false);
  }

  function connectOut(remote: Remote): Socket {
    const place = { host: remote.address, port: remote.port };
    if (options.tls === undefined) return connectTcp(place);
    const { tlsName } = remote;
    // Phones have certificates of their own making; who they are, the digest says.
    if (tlsName === undefined) return connectTls({ ...place, rejectUnauthorized: false });
    const ca = options.trustedCaPem === undefined ? {} : { ca: [...rootCertificates, options.trustedCaPem] };
    // SNI carries names only (RFC 6066 §3).
    const servername = isIP(tlsName) === 0 ? { servername: tlsName } : {};
    return connectTls({
      ...place,
      ...ca,
      ...servername,
      checkServerIdentity: (_, certificate) => checkServerIdentity(tlsName, certificate),
    });
  }

  const server: Server =
    options.tls === undefined
      ? createTcpServer(onConnection)
      : createTlsServer(
          {
            cert: options.tls.certPem,
            key: options.tls.keyPem,
            minVersion: "TLSv1.2",
            handshakeTimeout: firstMessageMs,
          },
          (socket: TLSSocket) => onConnection(socket),
        );
  server.on("tlsClientError", (_error: Error, socket: TLSSocket) => socket.destroy());
  // Also those that still shake hands.
  server.maxConnections = maxConnections;
  const arrived = new AddressCounter();
  server.on("connection", (socket: Socket) => {
    const address = plainAddress(socket.remoteAddress ?? "");
    if (arrived.of(address) >= maxConnectionsPerAddress) return void socket.destroy();
    arrived.add(address);
    socket.once("close", () => arrived.remove(address));
    return undefined;
  });

  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: options.host, port: options.port }, () => {
      server.off("error", reject);
      server.on("error", () => undefined);
      const bound = server.address();
      if (bound === null || typeof bound === "string") return reject(new Error("no address"));
      resolve({
        name,
        isReliable: true,
        host: bound.address,
        port: bound.port,
        send: (bytes, remote, onError) => {
          if (isClosed) return onError(new Error("the transport is closed"));
          const flowId = remote.flowId ?? byPeer.get(keyOf(remote));
          let socket = flowId === undefined ? undefined : flows.get(flowId);
          if (socket === undefined) {
            if (remote.flowId !== undefined) return onError(new Error("the connection is gone"));
            socket = connectOut(remote);
            adopt(socket, remote, true);
          }
          if (socket.writableLength > maxPending) {
            socket.destroy();
            return onError(new Error("the far side does not read"));
          }
          socket.write(bytes, (error) => {
            if (error instanceof Error) onError(error);
          });
        },
        closeFlow: (flowId) => flows.get(flowId)?.destroy(),
        close: () =>
          new Promise((done) => {
            if (isClosed) return done();
            isClosed = true;
            for (const socket of flows.values()) socket.destroy();
            server.close(() => done());
          }),
      });
    });
  });
}
