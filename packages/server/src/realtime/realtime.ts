import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type Audience, type CommandParsing, type EventType, wireLimits } from "@pbx-x/protocol";
import { WebSocketServer } from "ws";
import type { Authentication, Identity } from "../auth/identity.ts";
import type { LoggedEvent } from "../event-log/event-log.ts";
import * as timing from "../observability/timing.ts";
import { clientAddress } from "../rest/client-address.ts";
import { CommandMemory } from "./command-memory.ts";
import { Connection } from "./connection.ts";
import { Dispatch } from "./dispatch.ts";
import { OriginateLimit } from "./originate-limit.ts";
import type { Projection } from "./projection.ts";
import { defaultRealtimeLimits, type RealtimeLimits, type RealtimeOptions } from "./realtime-options.ts";
import { connectionOf, type Session } from "./session.ts";
import { carryOutSessionCommand } from "./session-commands.ts";
import { SessionKeeper } from "./session-keeper.ts";
import { isUpgradePath, readUpgrade, refuseToken, refuseUpgrade, type SessionWish, subProtocol } from "./upgrade.ts";
import { createWebSocketWire } from "./web-socket-wire.ts";
import type { Wire } from "./wire.ts";

export interface RealtimeParts extends RealtimeOptions {
  readonly projection: Projection;
  readonly numberOf: (extensionId: string) => string | undefined;
  /** A user's first session is there, or the last one is gone; one that can be resumed counts. */
  readonly onUserChanged?: (userId: string) => void;
}

/** A client whose token was accepted. */
export interface Client {
  readonly wire: Wire;
  readonly address: string;
  readonly identity: Identity;
  readonly wish: SessionWish;
}

/** What is to be told of a client: each does nothing once its session belongs to another connection. */
export interface ClientEars {
  /** It is there: anything at all came ([W13]). */
  alive(): void;
  /** It said something; undefined: a binary frame. */
  text(frame: string | undefined): void;
  /** The same, read already. */
  command(parsed: CommandParsing): void;
  gone(): void;
}

/** The real-time interface: sessions, their subscriptions, their commands. */
export class Realtime {
  readonly #options: RealtimeParts;
  readonly #limits: RealtimeLimits;
  readonly #server: WebSocketServer;
  readonly #sessions: SessionKeeper;
  readonly #dispatch: Dispatch;
  readonly #originates: OriginateLimit;
  readonly #stops: (() => void)[];
  #cancelWatch: () => void = () => undefined;
  #isShuttingDown = false;

  constructor(options: RealtimeParts) {
    this.#options = options;
    const { log, projection, authenticator, numberOf, logger, newId, serverVersion, scheduler } = options;
    const limits: RealtimeLimits = { ...defaultRealtimeLimits, ...options.limits };
    this.#limits = limits;
    const now = (): number => scheduler.now();
    this.#server = new WebSocketServer({
      noServer: true,
      // Every message stands alone, so that a compressed one is made once for all who get it ([W32], [W35]).
      perMessageDeflate: options.compression === true && { serverNoContextTakeover: true },
      maxPayload: wireLimits.maximumFrameBytes,
      handleProtocols: (offered) => (offered.has(subProtocol) ? subProtocol : false),
    });
    const sessions = new SessionKeeper({
      log,
      now,
      newId,
      serverVersion,
      limits,
      onUserChanged: options.onUserChanged,
    });
    this.#sessions = sessions;
    const surroundings = {
      log,
      projection,
      authenticator,
      numberOf,
      limits,
      update: (session: Session) => sessions.update(session),
      hold: (session: Session) => sessions.hold(session),
      onReadFailure: (err: unknown) => logger.warn({ err }, "the log could not be read for a client"),
      goLive: (...replay: Parameters<SessionKeeper["goLive"]>) => sessions.goLive(...replay),
    };
    this.#originates = new OriginateLimit({ perMinute: limits.originatesPerMinute, now });
    this.#dispatch = new Dispatch({
      handlers: options.handlers,
      memory: new CommandMemory(limits.rememberedCommands, limits.rememberMs),
      now,
      originates: this.#originates,
      builtIn: (session, command) => carryOutSessionCommand(session, command, surroundings),
      send: (session, answer) => sessions.send(session, answer),
      onPing: (session, id) => sessions.pong(session, id),
      onBadFrame: (session) => sessions.countBadFrame(session),
      onFailure: (command, err) => logger.warn({ command, err }, "a command failed unexpectedly"),
    });
    this.#stops = [
      log.onCommitted((batch) => this.#onCommitted(batch), "first"),
      authenticator.onRevoked(({ userId, kind }) => {
        for (const session of sessions.table.all()) {
          if (session.identity.userId === userId) sessions.end(session, "auth_revoked", kind === "renewed");
        }
      }),
    ];
    this.#keepWatch();
  }

  /** Figures for `/metrics`. */
  connections(): { readonly connections: number; readonly sessions: number; readonly waitingBytes: number } {
    let waitingBytes = 0;
    let connections = 0;
    for (const session of this.#sessions.table.all()) {
      const connection = connectionOf(session);
      if (connection === undefined) continue;
      connections += 1;
      waitingBytes += connection.waitingBytes;
    }
    return { connections, sessions: this.#sessions.table.size, waitingBytes };
  }

  /** Tells those who are subscribed now something that no log keeps ([W1]). */
  tell(type: EventType, data: Readonly<Record<string, unknown>>, audience: Audience): void {
    const { newId, scheduler } = this.#options;
    const timestamp = new Date(scheduler.now()).toISOString();
    const json = JSON.stringify({ eventId: newId(), type, timestamp, data });
    this.#sessions.fanOut.tell({ type, audience, json });
  }

  /** For a call that a user originates beside the socket: seconds to wait, 0 when it may go on ([W34]). */
  limitOriginate(userId: string): number {
    return this.#originates.take(userId);
  }

  /** Whether anybody is subscribed to one of these channels. */
  hasFollower(channels: readonly string[]): boolean {
    return this.#sessions.fanOut.hasFollower(channels);
  }

  /** Whether a user has a session, connected or to be resumed. */
  hasUser(userId: string): boolean {
    return this.#sessions.table.hasUser(userId);
  }

  /** For the HTTP server's `upgrade` event; false when the path is not ours. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    if (!isUpgradePath(request)) return false;
    socket.on("error", () => undefined);
    void this.#upgrade(request, socket, head).catch((err: unknown) => {
      this.#options.logger.warn({ err }, "an upgrade failed unexpectedly");
      socket.destroy();
    });
    return true;
  }

  /** Whether one more client may come from an address: `closing` and `full` are for later. */
  admits(address: string): "yes" | "closing" | "full" {
    if (this.#isShuttingDown) return "closing";
    return this.#sessions.table.isFull(address, this.#limits) ? "full" : "yes";
  }

  /** Gives a client its session; `listen` is called before anything of it is heard. */
  accept({ wire, address, identity, wish }: Client, listen: (ears: ClientEars) => void): void {
    const { scheduler, logger } = this.#options;
    const connection = new Connection(wire, address, scheduler.now(), this.#limits);
    const hear = (session: Session): void => {
      // What comes after the closing frame is for nobody.
      const isHeard = (): boolean => !connection.isClosed && connectionOf(session) === connection;
      listen({
        alive: () => {
          connection.lastFrameAtMs = scheduler.now();
        },
        text: (frame) => {
          if (isHeard()) this.#dispatch.receive(session, frame);
        },
        command: (parsed) => {
          if (isHeard()) this.#dispatch.carryOut(session, parsed);
        },
        gone: () => this.#sessions.detach(session, connection),
      });
    };
    void this.#sessions.attach(connection, identity, wish, hear).catch((err: unknown) => {
      logger.warn({ err }, "a session could not be started");
      wire.terminate();
    });
  }

  /** Ends all sessions with `server_shutdown` once what waits is written, at most after the limit ([W16]). */
  async shutdown(): Promise<void> {
    this.#isShuttingDown = true;
    const { scheduler } = this.#options;
    const { table } = this.#sessions;
    const until = scheduler.now() + this.#limits.shutdownMs;
    while (scheduler.now() < until && !table.isDrained()) {
      await new Promise<void>((resolve) => {
        scheduler.after(50, resolve);
      });
    }
    for (const stop of this.#stops) stop();
    this.#cancelWatch();
    for (const session of table.all()) {
      const connection = connectionOf(session);
      const isStuck = connection?.isDrained === false;
      this.#sessions.end(session, "server_shutdown", true);
      // It did not read in all that time.
      if (isStuck) connection?.wire.terminate();
    }
    this.#server.close();
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { authenticator, logger } = this.#options;
    const address = clientAddress(request);
    if (this.admits(address) === "closing") {
      refuseUpgrade(socket, 503, "Service Unavailable", "The server is shutting down.", ["Retry-After: 5"]);
      return;
    }
    const wanted = readUpgrade(request);
    const isFull = (): boolean => this.admits(address) === "full";
    let authentication: Authentication | undefined;
    try {
      authentication = isFull() ? undefined : await authenticator.authenticate(wanted.token);
    } catch (err) {
      logger.warn({ err }, "a token could not be checked");
      refuseUpgrade(socket, 503, "Service Unavailable", "The token cannot be checked now.", ["Retry-After: 5"]);
      return;
    }
    // Others may have come while the token was looked at.
    if (authentication === undefined || (authentication.ok && isFull())) {
      refuseUpgrade(socket, 503, "Service Unavailable", "Too many connections.", ["Retry-After: 30"]);
      return;
    }
    if (!authentication.ok) {
      refuseToken(socket, authentication.reason);
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      const wire = createWebSocketWire(webSocket, socket);
      this.accept({ wire, address, identity: authentication.identity, wish: wanted }, (ears) => {
        webSocket.on("message", (data: Buffer, isBinary: boolean) => {
          ears.alive();
          ears.text(isBinary ? undefined : data.toString());
        });
        webSocket.on("error", () => undefined);
        webSocket.on("close", () => ears.gone());
      });
    });
  }

  #onCommitted(batch: readonly LoggedEvent[]): void {
    this.#sessions.fanOut.deliver(batch);
    timing.sent.publish(batch);
    // In the same turn: whoever asks for the state finds that of the events sent so far.
    for (const event of batch) this.#options.projection.fold(event);
  }

  /** One clock for all sessions. */
  #keepWatch(): void {
    const tick = (): void => {
      for (const session of this.#sessions.table.all()) this.#sessions.watch(session);
      this.#dispatch.sweep(this.#options.scheduler.now());
      this.#cancelWatch = this.#options.scheduler.after(1000, tick);
    };
    this.#cancelWatch = this.#options.scheduler.after(1000, tick);
  }
}
