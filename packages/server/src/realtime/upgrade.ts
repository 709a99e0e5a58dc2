import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { TokenRejection } from "../auth/identity.ts";

export const subProtocol = "pbx-x";
const bearerPrefix = "pbx-x.bearer.";

/** Which session a client wants ([W15], [W28]). */
export interface SessionWish {
  readonly clientId: string | undefined;
  readonly resume: { readonly sessionId: string; readonly epoch: string; readonly since: number } | undefined;
}

/** What a client says at the upgrade ([W10]). */
export interface UpgradeRequest extends SessionWish {
  readonly token: string | undefined;
}

/** Reads query and headers. The token may come in three places; the first that is there counts. */
export function readUpgrade(request: IncomingMessage): UpgradeRequest {
  const query = new URLSearchParams(partsOf(request).query);
  const authorization = /^Bearer\s+(.+)$/i.exec(request.headers.authorization ?? "")?.[1];
  const protocols = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  const fromProtocol = protocols.find((name) => name.startsWith(bearerPrefix))?.slice(bearerPrefix.length);
  const token = query.get("token") ?? authorization ?? fromProtocol;
  const clientId = query.get("clientId")?.slice(0, 128);
  const [sessionId, epoch, since] = [query.get("resume"), query.get("epoch"), query.get("since")];
  const isResume = sessionId !== null && epoch !== null && since !== null && /^\d{1,15}$/.test(since);
  return {
    token: token ?? undefined,
    clientId: clientId === "" ? undefined : clientId,
    resume: isResume ? { sessionId, epoch, since: Number(since) } : undefined,
  };
}

export function isUpgradePath(request: IncomingMessage): boolean {
  return partsOf(request).path === "/ws";
}

/** Taken apart by hand: whatever a stranger sends as a target, `//` too, must not throw. */
function partsOf({ url = "/" }: IncomingMessage): { readonly path: string; readonly query: string } {
  const mark = url.indexOf("?");
  return mark === -1 ? { path: url, query: "" } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

/** Why a token is not accepted, for people ([W10]). */
export const tokenFaults: Readonly<Record<TokenRejection, string>> = {
  missing:
    "No token. Give it as ?token=, as Authorization: Bearer, or as sub-protocol pbx-x.bearer.<token> (Socket.IO: as auth.token).",
  malformed: "The token cannot be read.",
  expired: "The token has expired. Refresh it and connect again.",
  wrong_signature: "The token is not signed by a key that is accepted here.",
  wrong_claims: "The token is meant for another issuer or audience, or lacks a claim.",
  user_gone: "The user does not exist any more or is deactivated.",
};

export function refuseUpgrade(
  socket: Duplex,
  status: 401 | 403 | 404 | 503,
  title: string,
  detail: string,
  headers: readonly string[] = [],
): void {
  const body = JSON.stringify({ type: "about:blank", title, status, detail });
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    "Content-Type: application/problem+json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
    ...headers,
  ];
  // Half-open is no use here: the client need not close its side.
  socket.once("finish", () => socket.destroy());
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

export function refuseToken(socket: Duplex, reason: TokenRejection): void {
  refuseUpgrade(socket, 401, "Unauthorized", tokenFaults[reason], ['WWW-Authenticate: Bearer realm="pbx-x"']);
}
