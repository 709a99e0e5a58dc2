import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import {
  type AnswerFrame,
  closeCodes,
  type CommandFrame,
  type DisconnectReason,
  disconnectReasons,
  wireLimits,
} from "@pbx-x/protocol";
import { type WebSocket, WebSocketServer } from "ws";
import type { Identity, Revocation } from "../auth/identity.ts";
import type { LoggedEvent } from "../event-log/event-log.ts";
import type { CommandOutcome } from "./command-handler.ts";
import { CommandMemory } from "./command-memory.ts";
import { Connection } from "./connection.ts";
import { Dispatch } from "./dispatch.ts";
import { entryOf, FanOut } from "./fan-out.ts";
import type { Projection } from "./projection.ts";
import { defaultRealtimeLimits, type RealtimeLimits, type RealtimeOptions } from "./realtime-options.ts";
import { readMissed } from "./replay.ts";
import { connectionOf, type Session } from "./session.ts";
import { listChannels, presenceOf, subscribe, unsubscribe } from "./session-commands.ts";
import { SessionTable } from "./session-table.ts";
import { TokenBucket } from "./token-bucket.ts";
import { isUpgradePath, readUpgrade, refuseToken, refuseUpgrade, subProtocol } from "./upgrade.ts";

export interface RealtimeParts extends RealtimeOptions {
  readonly projection: Projection;
  readonly numberOf: (extensionId: string) => string | undefined;
}

/** The WebSocket interface: sessions, their subscriptions, their commands. */
export class Realtime {
  readonly #options: RealtimeParts;
  readonly #limits: RealtimeLimits;
  readonly #server: WebSocketServer;
  readonly #sessions = new SessionTable();
  readonly #fanOut: FanOut;
  readonly #dispatch: Dispatch;
  readonly #stops: (() => void)[] = [];
  #isShuttingDown = false;

  constructor(options: RealtimeParts) {
    this.#options = options;
    this.#limits = { ...defaultRealtimeLimits, ...options.limits };
    const now = (): number => options.scheduler.now();
    this.#server = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: wireLimits.maximumFrameBytes,
      handleProtocols: (offered) => (offered.has(subProtocol) ? subProtocol : false),
    });
    const maxHeld = this.#limits.maxReplay;
    this.#fanOut = new FanOut({ now, maxHeld, onSlow: (session) => this.#end(session, "slow_consumer", true, 5) });
    this.#dispatch = new Dispatch({
      handlers: options.handlers,
      memory: new CommandMemory(this.#limits.rememberedCommands, this.#limits.rememberMs),
      now,
      originatesPerMinute: this.#limits.originatesPerMinute,
      builtIn: (session, command) => this.#builtIn(session, command),
      send: (session, answer) => this.#answer(session, answer),
      onPing: (session, id) => this.#pong(session, id),
      onBadFrame: (session) => this.#countBadFrame(session),
      onFailure: (command, err) => options.logger.warn({ command, err }, "a command failed unexpectedly"),
    });
    this.#stops.push(
      options.log.onCommitted((batch) => this.#onCommitted(batch)),
      options.authenticator.onRevoked((revocation) => this.#onRevoked(revocation)),
    );
    this.#keepWatch();
  }

  /** Figures for `/metrics`. */
  connections(): { readonly connections: number; readonly sessions: number; readonly waitingBytes: number } {
    let waitingBytes = 0;
    let connections = 0;
    for (const session of this.#sessions.all()) {
      const connection = connectionOf(session);
      if (connection === undefined) continue;
      connections += 1;
      waitingBytes += connection.waitingBytes;
    }
    return { connections, sessions: this.#sessions.size, waitingBytes };
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

  /** Ends all sessions with `server_shutdown` once what waits is written, at most after the limit ([W16]). */
  async shutdown(): Promise<void> {
    this.#isShuttingDown = true;
    const until = this.#options.scheduler.now() + this.#limits.shutdownMs;
    while (this.#options.scheduler.now() < until && !this.#sessions.isDrained()) {
      await new Promise<void>((resolve) => {
        this.#options.scheduler.after(50, resolve);
      });
    }
    for (const stop of this.#stops) stop();
    for (const session of this.#sessions.all()) this.#end(session, "server_shutdown", true, undefined);
    this.#server.close();
  }

  /** Puts a session's channels and rights in force. */
  #update(session: Session): void {
    if (connectionOf(session) === undefined) this.#fanOut.remove(session);
    else this.#fanOut.update(session);
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { authenticator, scheduler } = this.#options;
    if (this.#isShuttingDown) {
      refuseUpgrade(socket, 503, "Service Unavailable", "The server is shutting down.", ["Retry-After: 5"]);
      return;
    }
    const address = request.socket.remoteAddress ?? "";
    if (this.#sessions.isFull(address, this.#limits)) {
      refuseUpgrade(socket, 503, "Service Unavailable", "Too many connections.", ["Retry-After: 30"]);
      return;
    }
    const wanted = readUpgrade(request);
    const authentication = await authenticator.authenticate(wanted.token);
    if (!authentication.ok) {
      refuseToken(socket, authentication.reason);
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      const connection = new Connection(webSocket, socket, address, scheduler.now(), this.#limits);
      void this.#attach(connection, webSocket, authentication.identity, wanted).catch((err: unknown) => {
        this.#options.logger.warn({ err }, "a session could not be started");
        webSocket.terminate();
      });
    });
  }

  async #attach(
    connection: Connection,
    webSocket: WebSocket,
    identity: Identity,
    { clientId, resume }: ReturnType<typeof readUpgrade>,
  ): Promise<void> {
    const { log } = this.#options;
    const former = resume === undefined ? undefined : this.#sessions.get(resume.sessionId);
    const isOwn = former !== undefined && former.identity.userId === identity.userId && former.state.at !== "ended";
    const resumed = isOwn ? former : undefined;
    this.#fence(identity.userId, clientId, resumed);
    const session = resumed ?? this.#newSession(identity, clientId);
    session.identity = identity;
    session.hasWarnedOfExpiry = false;
    const held: LoggedEvent[] = [];
    session.state = { at: "replaying", connection, held };
    this.#sessions.add(session);
    this.#listen(session, connection, webSocket);
    this.#update(session);
    const upTo = log.head();
    const missed =
      resumed === undefined || resume === undefined
        ? undefined
        : await readMissed(log, session, { epoch: resume.epoch, seq: resume.since }, upTo, this.#limits.maxReplay);
    if (connection.isClosed) return;
    const isResumed = missed?.ok === true;
    if (resumed !== undefined && !isResumed) session.channels.clear();
    const replay = missed?.ok === true ? missed.events : [];
    connection.sendJson(
      this.#ephemeral("CONNECTED", {
        userId: identity.userId,
        extensionId: identity.extensionId ?? null,
        sessionId: session.id,
        epoch: log.epoch,
        seq: upTo,
        resumed: isResumed,
        replaying: replay.length,
        heartbeatSeconds: wireLimits.heartbeatSeconds,
        tokenExpiresAt: new Date(identity.tokenExpiresAtMs).toISOString(),
        serverVersion: this.#options.serverVersion,
      }),
      this.#now(),
    );
    this.#goLive(session, replay, upTo);
    this.#update(session);
  }

  #newSession(identity: Identity, clientId: string | undefined): Session {
    const { commandsPerSecond, commandBurst } = this.#limits;
    return {
      id: this.#options.newId(),
      clientId,
      identity,
      state: { at: "ended" },
      channels: new Map(),
      presence: new Set(),
      servedSeq: this.#options.log.head(),
      hasReceived: false,
      commands: new TokenBucket(commandsPerSecond, commandBurst, this.#now()),
      badFrames: [],
      hasWarnedOfExpiry: false,
    };
  }

  /** Sends what was missed, then what came meanwhile, each once, and lets live events flow. */
  #goLive(session: Session, replay: readonly LoggedEvent[], replayedUpTo: number): void {
    const { state } = session;
    if (state.at !== "replaying") return;
    const { connection, held } = state;
    const now = this.#now();
    for (const event of [...replay, ...held.filter(({ seq }) => seq > replayedUpTo)]) {
      session.servedSeq = Math.max(session.servedSeq, event.seq);
      session.hasReceived = true;
      connection.send(entryOf(event), now);
    }
    session.servedSeq = Math.max(session.servedSeq, replayedUpTo);
    session.state = { at: "live", connection };
  }

  #listen(session: Session, connection: Connection, webSocket: WebSocket): void {
    webSocket.on("message", (data: Buffer) => {
      connection.lastFrameAtMs = this.#now();
      if (connectionOf(session) === connection) this.#dispatch.receive(session, data.toString());
    });
    webSocket.on("error", () => undefined);
    webSocket.on("close", () => {
      connection.markClosed();
      // A fenced connection's late end does not touch the session ([W28]).
      if (connectionOf(session) !== connection) return;
      session.state = { at: "detached", untilMs: this.#now() + this.#limits.resumeMs };
      this.#fanOut.remove(session);
    });
  }

  /** One app instance, one connection ([W15]). */
  #fence(userId: string, clientId: string | undefined, resumed: Session | undefined): void {
    const others = clientId === undefined ? [] : this.#sessions.ofClient(userId, clientId);
    for (const session of new Set([...others, ...(resumed === undefined ? [] : [resumed])])) {
      const connection = connectionOf(session);
      if (session === resumed) this.#close(connection, "duplicate_connection", false, undefined);
      else this.#end(session, "duplicate_connection", false, undefined);
    }
  }

  #builtIn(session: Session, frame: CommandFrame): Promise<CommandOutcome<object>> | undefined {
    switch (frame.command) {
      case "subscribe":
        return this.#subscribe(session, frame);
      case "unsubscribe": {
        const data = unsubscribe(session, frame.params);
        this.#update(session);
        return Promise.resolve({ ok: true, data });
      }
      case "listChannels":
        return Promise.resolve({ ok: true, data: listChannels(session) });
      case "refreshToken":
        return this.#refreshToken(session, frame.params.token);
      case "subscribePresence": {
        const { projection, numberOf } = this.#options;
        const outcome = presenceOf(frame.params, { projection, numberOf });
        if (outcome.ok) for (const id of frame.params.extensionIds) session.presence.add(id);
        return Promise.resolve(outcome);
      }
      case "unsubscribePresence":
        for (const id of frame.params.extensionIds) session.presence.delete(id);
        return Promise.resolve({ ok: true, data: {} });
      default:
        return undefined;
    }
  }

  async #subscribe(session: Session, frame: CommandFrame<"subscribe">): Promise<CommandOutcome<object>> {
    const { log, projection } = this.#options;
    const { maxChannels, maxReplay } = this.#limits;
    const { result, replay } = await subscribe(session, frame.params, {
      holdLive: ({ state }) => {
        if (state.at === "live") session.state = { at: "replaying", connection: state.connection, held: [] };
      },
      update: (changed) => this.#update(changed),
      log,
      projection,
      maxChannels,
      maxReplay,
    });
    // The answer goes first: it is sent when this promise has resolved, and this runs after that.
    if (frame.params.since !== undefined) setImmediate(() => this.#goLive(session, replay, result.seq));
    return { ok: true, data: result };
  }

  async #refreshToken(session: Session, token: string): Promise<CommandOutcome<object>> {
    const authentication = await this.#options.authenticator.authenticate(token);
    if (!authentication.ok || authentication.identity.userId !== session.identity.userId) {
      return { ok: false, error: { code: "UNAUTHORIZED", message: "This token cannot renew the session." } };
    }
    session.identity = authentication.identity;
    session.hasWarnedOfExpiry = false;
    this.#update(session);
    return { ok: true, data: { tokenExpiresAt: new Date(session.identity.tokenExpiresAtMs).toISOString() } };
  }

  #answer(session: Session, answer: AnswerFrame): void {
    const connection = connectionOf(session);
    if (connection !== undefined && !connection.sendJson(answer, this.#now()))
      this.#end(session, "slow_consumer", true, 5);
  }

  #pong(session: Session, id: string | undefined): void {
    const connection = connectionOf(session);
    if (connection === undefined) return;
    const seq = session.state.at === "live" ? Math.max(session.servedSeq, this.#options.log.head()) : session.servedSeq;
    // What still waits in the outbox is sent before this frame and counted as sent.
    const delivered = connection.delivered + connection.waitingEvents;
    connection.sendJson(
      { ...this.#ephemeral("PONG", { seq, delivered }), ...(id !== undefined && { id }) },
      this.#now(),
    );
  }

  #countBadFrame(session: Session): void {
    const now = this.#now();
    session.badFrames = [...session.badFrames.filter((at) => now - at < 10_000), now];
    if (session.badFrames.length <= this.#limits.maxBadFrames) return;
    connectionOf(session)?.close(closeCodes.tooManyBadFrames, undefined);
  }

  #onCommitted(batch: readonly LoggedEvent[]): void {
    for (const event of batch) this.#options.projection.fold(event);
    this.#fanOut.deliver(batch);
  }

  #onRevoked({ userId, kind }: Revocation): void {
    for (const session of this.#sessions.all()) {
      if (session.identity.userId === userId) this.#end(session, "auth_revoked", kind === "renewed", undefined);
    }
  }

  /** One clock for all sessions: heartbeats, tokens, lost sessions, slow readers. */
  #keepWatch(): void {
    const tick = (): void => {
      const now = this.#now();
      for (const session of this.#sessions.all()) this.#watch(session, now);
      this.#dispatch.sweep(now);
      this.#stops[2] = this.#options.scheduler.after(1000, tick);
    };
    this.#stops[2] = this.#options.scheduler.after(1000, tick);
  }

  #watch(session: Session, now: number): void {
    if (session.state.at === "detached" && session.state.untilMs <= now) {
      session.state = { at: "ended" };
      this.#sessions.remove(session);
    }
    const connection = connectionOf(session);
    if (connection === undefined) return;
    const leftMs = session.identity.tokenExpiresAtMs - now;
    if (leftMs <= 0) this.#end(session, "auth_revoked", true, undefined);
    else if (now - connection.lastFrameAtMs > this.#limits.heartbeatTimeoutMs) {
      this.#close(connection, "session_timeout", true, undefined);
    } else if (!connection.check(now)) this.#end(session, "slow_consumer", true, 5);
    else if (leftMs <= this.#limits.authExpiringMs && !session.hasWarnedOfExpiry) {
      session.hasWarnedOfExpiry = true;
      const expiresAt = new Date(session.identity.tokenExpiresAtMs).toISOString();
      connection.sendJson(this.#ephemeral("AUTH_EXPIRING", { expiresAt }), now);
    }
  }

  /** Ends the session for good. */
  #end(session: Session, reason: DisconnectReason, reconnect: boolean, retryAfterSeconds: number | undefined): void {
    const connection = connectionOf(session);
    const isResumable = reason === "slow_consumer" || reason === "server_shutdown";
    session.state = isResumable ? { at: "detached", untilMs: this.#now() + this.#limits.resumeMs } : { at: "ended" };
    this.#fanOut.remove(session);
    if (!isResumable) this.#sessions.remove(session);
    this.#close(connection, reason, reconnect, retryAfterSeconds);
  }

  #close(
    connection: Connection | undefined,
    reason: DisconnectReason,
    reconnect: boolean,
    retryAfterSeconds: number | undefined,
  ): void {
    if (connection === undefined) return;
    const { closeCode, when } = disconnectReasons[reason];
    const data = { reason, message: when, reconnect, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
    connection.close(closeCode, this.#ephemeral("DISCONNECTED", data));
  }

  #ephemeral(type: string, data: Readonly<Record<string, unknown>>) {
    return { eventId: this.#options.newId(), type, timestamp: new Date(this.#now()).toISOString(), data };
  }

  #now(): number {
    return this.#options.scheduler.now();
  }
}
