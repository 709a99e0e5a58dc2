import type { IncomingMessage, Server as HttpServer } from "node:http";
import type { Duplex } from "node:stream";
import { wireLimits } from "@pbx-x/protocol";
import { type ExtendedError, Server, type Socket } from "socket.io";
import type { Authenticator, Identity } from "../../auth/identity.ts";
import type { NewId } from "../../ids.ts";
import { clientAddress } from "../../rest/client-address.ts";
import type { Realtime } from "../realtime.ts";
import { type SessionWish, tokenFaults } from "../upgrade.ts";
import { readCommandMessage } from "./command-message.ts";
import { createSocketIoWire } from "./socket-io-wire.ts";

export interface SocketIoOptions {
  readonly http: HttpServer;
  readonly realtime: Pick<Realtime, "admits" | "accept">;
  readonly authenticator: Pick<Authenticator, "authenticate">;
  readonly newId: NewId;
  /** Most connections, those without a session included. */
  readonly maxConnections?: number;
}

export interface SocketIo {
  /** Whether an upgrade is for this interface. */
  owns(request: IncomingMessage): boolean;
  /** After the sessions have been ended. */
  stop(): void;
}

const path = "/socket.io";
/** A client has so long to say who it is. */
const connectTimeoutMs = 10_000;

/** The Socket.IO interface beside `/ws`: the same sessions, rights and limits, other frames around them ([W18]). */
export function startSocketIo(options: SocketIoOptions): SocketIo {
  const { http, realtime, authenticator, newId, maxConnections = 20_000 } = options;
  const io = new Server<ClientEvents, ClientEvents, ClientEvents, SocketData>({
    path,
    serveClient: false,
    // Nothing is opened by a cookie; every origin may come, as to the socket.
    cors: { origin: "*" },
    maxHttpBufferSize: wireLimits.maximumFrameBytes,
    connectTimeout: connectTimeoutMs,
    perMessageDeflate: false,
    httpCompression: false,
    // The other upgrades have their own listener.
    destroyUpgrade: false,
    allowRequest: (request, decide) => {
      const isAdmitted = realtime.admits(clientAddress(request)) === "yes";
      const isOpen = isAdmitted && io.engine.clientsCount < maxConnections;
      decide(isOpen ? null : "too many connections, or the server is shutting down", isOpen);
    },
  });
  io.use((socket, next) => {
    const { token, ...wish } = readHandshake(socket);
    authenticator.authenticate(token).then(
      (result) => {
        if (!result.ok) return next(refusal(401, "Unauthorized", tokenFaults[result.reason]));
        if (realtime.admits(clientAddress(socket.request)) !== "yes") {
          return next(refusal(503, "Service Unavailable", "Too many connections; try again in 30 s."));
        }
        socket.data = { identity: result.identity, wish };
        next();
      },
      () => next(refusal(503, "Service Unavailable", "The token cannot be checked now.")),
    );
  });
  io.on("connection", (socket) => {
    const wire = createSocketIoWire(socket);
    const { identity, wish } = socket.data;
    realtime.accept({ wire, address: clientAddress(socket.request), identity, wish }, (ears) => {
      socket.conn.on("packet", () => ears.alive());
      wire.onMessage((message) => {
        wire.expect(message);
        ears.command(message.parsed);
      });
      socket.onAny((event: string, ...args: unknown[]) => wire.hear(readCommandMessage(event, args, newId)));
      socket.on("disconnect", () => ears.gone());
    });
  });
  io.attach(http);
  const upgraded = new Set<Duplex>();
  http.on("upgrade", (request, socket) => {
    if (!isOwn(request)) return;
    upgraded.add(socket);
    socket.on("close", () => upgraded.delete(socket));
  });
  return {
    owns: isOwn,
    stop: () => {
      io.engine.close();
      // Who does not read would keep the server from its end.
      for (const socket of upgraded) if (socket.writableLength > 0) socket.destroy();
    },
  };
}

function isOwn({ url = "" }: IncomingMessage): boolean {
  return url === path || url.startsWith(`${path}/`) || url.startsWith(`${path}?`);
}

/** Names are those of commands, read by `readCommandMessage`. */
type ClientEvents = Readonly<Record<string, (...args: unknown[]) => void>>;

interface SocketData {
  readonly identity: Identity;
  readonly wish: SessionWish;
}

/** `auth` of the client ([W10], [W15], [W28]): `token`, `clientId`, and `sessionId`, `epoch`, `since` to go on. */
function readHandshake({ handshake }: Pick<Socket, "handshake">): SessionWish & { readonly token: string | undefined } {
  const given: Readonly<Record<string, unknown>> = handshake.auth;
  const bearer = /^Bearer\s+(.+)$/i.exec(handshake.headers.authorization ?? "")?.[1];
  const { clientId, sessionId, epoch, since } = given;
  const isNumber = typeof since === "number" && Number.isSafeInteger(since) && since >= 0;
  const isResume = typeof sessionId === "string" && typeof epoch === "string" && isNumber;
  return {
    token: typeof given["token"] === "string" ? given["token"] : bearer,
    clientId: typeof clientId === "string" && clientId !== "" ? clientId.slice(0, 128) : undefined,
    resume: isResume ? { sessionId, epoch, since } : undefined,
  };
}

/** What `connect_error` gets: `error.message`, and the problem document as `error.data` ([R1]). */
function refusal(status: number, title: string, detail: string): ExtendedError {
  return Object.assign(new Error(detail), { data: { type: "about:blank", title, status, detail } });
}
