import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { permissionsByRole, type Role } from "@pbx-x/protocol";
import { createManualScheduler, type ManualScheduler } from "@pbx-x/telephony/fake";
import type { Authenticator, Identity, Revocation } from "../auth/identity.ts";
import type { EventLog, NewEvent } from "../event-log/event-log.ts";
import { createMemoryEventLog } from "../event-log/memory-event-log.ts";
import type { CommandHandlers } from "./command-handler.ts";
import { Projection } from "./projection.ts";
import { Realtime } from "./realtime.ts";
import type { RealtimeLimits } from "./realtime-options.ts";
import { startSocketIo } from "./socket-io/socket-io-server.ts";
import { type ConnectOptions, TestSocket } from "./test-socket.ts";

export interface SocketTestbench {
  readonly log: EventLog;
  readonly realtime: Realtime;
  /** Where it listens, on the loopback. */
  readonly port: number;
  readonly scheduler: ManualScheduler;
  /** Users by their token; changing one changes what the next check says. */
  readonly users: Map<string, Identity>;
  /** Opens a socket and waits for its first frame. */
  connect(token?: string, options?: ConnectOptions): Promise<TestSocket>;
  /** The status that an upgrade is refused with; 101 where it is not. */
  tryUpgrade(token?: string): Promise<number>;
  /** Appends events of a call and waits until they are committed. */
  call(callId: string, ...types: readonly CallType[]): Promise<void>;
  append(...events: readonly NewEvent[]): Promise<void>;
  revoke(revocation: Revocation): void;
  stop(): Promise<void>;
}

export type CallType = "CALL_CREATED" | "CALL_RINGING" | "CALL_ANSWERED" | "CALL_ENDED";

export interface SocketTestbenchOptions {
  readonly handlers?: CommandHandlers;
  readonly limits?: Partial<RealtimeLimits>;
  readonly keepEvents?: number;
  readonly compression?: boolean;
}

const epochMs = Date.UTC(2026, 0, 1);
const day = 86_400_000;
/** Of this one nothing can be said now. */
export const uncheckableToken = "uncheckable";
export const idOf = (number: string): string => `10000000-0000-7000-8000-000000000${number}`;

/** The interface over real sockets, with users and events in the test's hand and a clock that is moved by hand. */
export async function createSocketTestbench(options: SocketTestbenchOptions = {}): Promise<SocketTestbench> {
  const scheduler = createManualScheduler(epochMs);
  let counter = 0;
  const newId = (): string => {
    counter += 1;
    return `00000000-0000-7000-8000-${String(counter).padStart(12, "0")}`;
  };
  const { keepEvents } = options;
  const log = createMemoryEventLog({
    newId,
    now: () => scheduler.now(),
    ...(keepEvents !== undefined && { limits: { keepEvents } }),
  });
  const users = new Map<string, Identity>([
    ["admin", identity("admin", "admin")],
    ["anna", identity("anna", "user", "200")],
    ["lisa", identity("lisa", "user", "201")],
  ]);
  const revocations = new Set<(revocation: Revocation) => void>();
  const authenticator: Authenticator = {
    authenticate: (token) => {
      if (token === uncheckableToken) return Promise.reject(new Error("the keys cannot be read"));
      const found = users.get(token ?? "");
      return Promise.resolve(
        found === undefined
          ? { ok: false, reason: token === undefined ? "missing" : "wrong_signature" }
          : { ok: true, identity: found },
      );
    },
    onRevoked: (listener) => {
      revocations.add(listener);
      return () => revocations.delete(listener);
    },
  };
  const realtime = new Realtime({
    log,
    authenticator,
    handlers: options.handlers ?? {},
    scheduler,
    newId,
    serverVersion: "test",
    logger: { info: () => undefined, warn: () => undefined },
    projection: new Projection(),
    numberOf: (id) => ["200", "201"].find((number) => idOf(number) === id),
    ...(options.limits !== undefined && { limits: options.limits }),
    ...(options.compression !== undefined && { compression: options.compression }),
  });
  const http = createServer();
  const socketIo = startSocketIo({ http, realtime, authenticator, newId });
  http.on("upgrade", (request, socket, head) => {
    if (!realtime.handleUpgrade(request, socket, head) && !socketIo.owns(request)) socket.destroy();
  });
  await new Promise<void>((resolve) => {
    http.listen(0, "127.0.0.1", resolve);
  });
  const { port } = http.address() as AddressInfo;
  const sockets: TestSocket[] = [];
  const versions = new Map<string, number>();
  const append = (...events: readonly NewEvent[]): Promise<void> => log.append(events).committed;
  return {
    log,
    realtime,
    port,
    scheduler,
    users,
    connect: async (token = "admin", connectOptions = {}) => {
      const socket = new TestSocket(port, token, connectOptions);
      sockets.push(socket);
      await socket.next(({ type }) => type === "CONNECTED");
      return socket;
    },
    tryUpgrade: async (token) => {
      const socket = new TestSocket(port, token);
      sockets.push(socket);
      return socket.upgraded();
    },
    call: (callId, ...types) =>
      append(
        ...types.map((type) => {
          const version = (versions.get(callId) ?? 0) + 1;
          versions.set(callId, version);
          return callEvent(callId, type, version);
        }),
      ),
    append,
    revoke: (revocation) => {
      for (const listener of revocations) listener(revocation);
    },
    stop: async () => {
      for (const socket of sockets) socket.cut();
      await realtime.shutdown();
      socketIo.stop();
      await log.close();
      await new Promise((resolve) => {
        http.close(resolve);
        http.closeAllConnections();
      });
    },
  };
}

/** An event of a call between 200 and 201. */
export function callEvent(callId: string, type: CallType, version: number): NewEvent {
  const [caller, callee] = ["200", "201"].map((number) => ({ number, extensionId: idOf(number) }));
  const common = { callId, threadId: callId, version, causedBy: { via: "phone" } };
  const data = {
    CALL_CREATED: { ...common, state: "initiated", direction: "internal", caller, callee },
    CALL_RINGING: { ...common, state: "ringing", caller, callee },
    CALL_ANSWERED: { ...common, state: "answered", answeredBy: callee },
    CALL_ENDED: {
      ...common,
      state: "ended",
      caller,
      callee,
      hangupCause: "normal_clearing",
      hangupBy: "caller",
      durationSeconds: 0,
    },
  }[type];
  const extensions = ["200", "201"].map((number) => ({ id: idOf(number), number }));
  return { type, data, callId, audience: { extensions, userIds: ["anna", "lisa"] } };
}

/** A setting of an extension that changed: such events may be merged. */
export function statusEvent(changes: Readonly<Record<string, unknown>>): NewEvent {
  const extensions = [{ id: idOf("200"), number: "200" }];
  return {
    type: "EXTENSION_STATUS_CHANGED",
    data: { extensionId: idOf("200"), number: "200", changes, causedBy: { via: "admin" } },
    audience: { extensions },
  };
}

export function identity(userId: string, role: Role, number?: string): Identity {
  return {
    userId,
    displayName: userId,
    role,
    permissions: new Set(permissionsByRole[role]),
    ...(number !== undefined && { extensionId: idOf(number), extensionNumber: number }),
    queueIds: [],
    tokenExpiresAtMs: epochMs + day,
  };
}
