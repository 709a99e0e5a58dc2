import { closeCodes, type DisconnectReason, disconnectReasons, wireLimits } from "@pbx-x/protocol";
import type { Identity } from "../auth/identity.ts";
import type { EventLog, LoggedEvent } from "../event-log/event-log.ts";
import type { NewId } from "../ids.ts";
import type { Connection } from "./connection.ts";
import { Entries, FanOut } from "./fan-out.ts";
import { textFrame } from "./frame.ts";
import type { RealtimeLimits } from "./realtime-options.ts";
import { readMissed } from "./replay.ts";
import { connectionOf, type Replaying, type Session } from "./session.ts";
import { SessionTable } from "./session-table.ts";
import { TokenBucket } from "./token-bucket.ts";
import type { SessionWish } from "./upgrade.ts";

export interface SessionKeeperOptions {
  readonly log: EventLog;
  readonly now: () => number;
  readonly newId: NewId;
  readonly serverVersion: string;
  readonly limits: RealtimeLimits;
  /** A user's first session is there, or the last one is gone. */
  readonly onUserChanged?: ((userId: string) => void) | undefined;
}

/** The life of the sessions: begun, resumed, taken over, caught up, watched, ended. */
export class SessionKeeper {
  readonly table: SessionTable;
  readonly fanOut: FanOut;
  readonly #options: SessionKeeperOptions;

  constructor(options: SessionKeeperOptions) {
    this.#options = options;
    this.table = new SessionTable(options.onUserChanged);
    this.fanOut = new FanOut({
      now: options.now,
      maxHeld: options.limits.maxReplay,
      onSlow: (session) => this.end(session, "slow_consumer", true),
    });
  }

  /** Gives a new connection its session; `listen` is called before anything of the client is read. */
  async attach(
    connection: Connection,
    identity: Identity,
    { clientId, resume }: SessionWish,
    listen: (session: Session) => void,
  ): Promise<void> {
    const { log, limits } = this.#options;
    // Nothing is read before the greeting, so that nothing is answered before it ([W12]).
    connection.wire.pause();
    try {
      const former = resume === undefined ? undefined : this.table.get(resume.sessionId);
      const isOwn = former !== undefined && former.identity.userId === identity.userId;
      const session = this.#takeOver(identity, clientId, isOwn ? former : undefined);
      const state: Replaying = { at: "replaying", connection, held: [] };
      session.state = state;
      listen(session);
      this.update(session);
      const upTo = log.head();
      const missed =
        resume === undefined || !isOwn
          ? ({ ok: false } as const)
          : await readMissed(log, session, { epoch: resume.epoch, seq: resume.since }, upTo, limits.maxReplay);
      if (session.state !== state) return;
      if (!missed.ok) forget(session, upTo);
      this.#greet(session, connection, upTo, missed.ok ? missed.events.length : undefined);
      this.goLive(session, state, missed.ok ? missed.events : [], upTo);
      this.update(session);
    } finally {
      connection.wire.resume();
    }
  }

  /** Puts a session's channels and rights in force. */
  update(session: Session): void {
    if (connectionOf(session) === undefined) this.fanOut.remove(session);
    else this.fanOut.update(session);
  }

  /** Live events wait from now on; undefined where the session is not live. */
  hold(session: Session): Replaying | undefined {
    if (session.state.at !== "live") return undefined;
    const state: Replaying = { at: "replaying", connection: session.state.connection, held: [] };
    session.state = state;
    return state;
  }

  /** Sends what was missed, then what came meanwhile, each once, and lets live events flow. Nothing where it is outdated. */
  goLive(session: Session, state: Replaying, replay: readonly LoggedEvent[], replayedUpTo: number): void {
    if (session.state !== state) return;
    const { connection, held } = state;
    const events = [...replay, ...held.filter(({ seq }) => seq > replayedUpTo)];
    const entries = new Entries();
    connection.sendReplay(events.map((event) => entries.of(event, session)));
    session.servedSeq = Math.max(session.servedSeq, replayedUpTo, events.at(-1)?.seq ?? 0);
    session.hasReceived ||= events.length > 0;
    session.state = { at: "live", connection };
  }

  /** A connection ended; the session waits for its client ([W28]). */
  detach(session: Session, connection: Connection): void {
    connection.markClosed();
    // A fenced connection's late end does not touch the session.
    if (connectionOf(session) !== connection) return;
    session.state = { at: "detached", untilMs: this.#options.now() + this.#options.limits.resumeMs };
    this.fanOut.remove(session);
  }

  /** Any frame but a logged event; ends who does not read it. */
  send(session: Session, value: object): void {
    const connection = connectionOf(session);
    if (connection?.sendJson(value, this.#options.now()) === false) this.end(session, "slow_consumer", true);
  }

  /** Counts when its turn comes: what waits before it may be merged until then ([W3]). */
  pong(session: Session, id: string | undefined): void {
    const { log, now } = this.#options;
    const seq = session.state.at === "live" ? Math.max(session.servedSeq, log.head()) : session.servedSeq;
    const fill = (delivered: number): Buffer =>
      textFrame(JSON.stringify({ ...this.#ephemeral("PONG", { seq, delivered }), ...(id !== undefined && { id }) }));
    const connection = connectionOf(session);
    if (connection?.send({ frame: fill(connection.delivered), fill }, now()) === false) {
      this.end(session, "slow_consumer", true);
    }
  }

  countBadFrame(session: Session): void {
    const now = this.#options.now();
    session.badFrames = [...session.badFrames.filter((at) => now - at < 10_000), now];
    if (session.badFrames.length <= this.#options.limits.maxBadFrames) return;
    connectionOf(session)?.close(closeCodes.tooManyBadFrames, undefined);
  }

  /** Heartbeat, token, lost session, slow reader. */
  watch(session: Session): void {
    const { limits, now } = this.#options;
    const nowMs = now();
    if (session.state.at === "detached" && session.state.untilMs <= nowMs) this.#remove(session);
    const connection = connectionOf(session);
    if (connection === undefined) return;
    const leftMs = session.identity.tokenExpiresAtMs - nowMs;
    if (leftMs <= 0) this.end(session, "auth_revoked", true);
    else if (nowMs - connection.lastFrameAtMs > limits.heartbeatTimeoutMs) {
      this.#close(connection, "session_timeout", true);
    } else if (!connection.check(nowMs)) this.end(session, "slow_consumer", true);
    else if (leftMs <= limits.authExpiringMs && !session.hasWarnedOfExpiry) {
      session.hasWarnedOfExpiry = true;
      const expiresAt = new Date(session.identity.tokenExpiresAtMs).toISOString();
      this.send(session, this.#ephemeral("AUTH_EXPIRING", { expiresAt }));
    }
  }

  /** Ends the connection, and the session where it cannot be resumed. */
  end(session: Session, reason: DisconnectReason, reconnect: boolean): void {
    const connection = connectionOf(session);
    const isResumable = reason === "slow_consumer" || reason === "server_shutdown";
    if (isResumable && connection !== undefined) {
      session.state = { at: "detached", untilMs: this.#options.now() + this.#options.limits.resumeMs };
      this.fanOut.remove(session);
    } else this.#remove(session);
    this.#close(connection, reason, reconnect);
  }

  #remove(session: Session): void {
    session.state = { at: "ended" };
    this.fanOut.remove(session);
    this.table.remove(session);
  }

  /** The session to go on with, or a new one. One app instance, one connection: the others are fenced ([W15]). */
  #takeOver(identity: Identity, clientId: string | undefined, former: Session | undefined): Session {
    const { limits } = this.#options;
    for (const session of clientId === undefined ? [] : this.table.ofClient(identity.userId, clientId)) {
      if (session !== former) this.end(session, "duplicate_connection", false);
    }
    if (former !== undefined) {
      this.#close(connectionOf(former), "duplicate_connection", false);
      former.identity = identity;
      former.hasWarnedOfExpiry = false;
      return former;
    }
    const lost = this.table.oldestLost(limits.maxConnections);
    if (lost !== undefined) this.#remove(lost);
    const session = this.#newSession(identity, clientId);
    this.table.add(session);
    return session;
  }

  #newSession(identity: Identity, clientId: string | undefined): Session {
    const { limits, log, newId, now } = this.#options;
    return {
      id: newId(),
      clientId,
      identity,
      state: { at: "ended" },
      channels: new Map(),
      presence: new Set(),
      servedSeq: log.head(),
      hasReceived: false,
      commands: new TokenBucket(limits.commandsPerSecond, limits.commandBurst, now()),
      badFrames: [],
      hasWarnedOfExpiry: false,
      turn: Promise.resolve(),
    };
  }

  #greet({ id, identity }: Session, connection: Connection, seq: number, replaying: number | undefined): void {
    const { log, serverVersion, limits } = this.#options;
    const data = {
      userId: identity.userId,
      extensionId: identity.extensionId ?? null,
      sessionId: id,
      epoch: log.epoch,
      seq,
      resumed: replaying !== undefined,
      replaying: replaying ?? 0,
      // A third of the time-out, so that one lost ping ends nothing.
      heartbeatSeconds: Math.min(wireLimits.heartbeatSeconds, Math.floor(limits.heartbeatTimeoutMs / 3000)),
      tokenExpiresAt: new Date(identity.tokenExpiresAtMs).toISOString(),
      serverVersion,
    };
    connection.greet(this.#ephemeral("CONNECTED", data));
  }

  #close(connection: Connection | undefined, reason: DisconnectReason, reconnect: boolean): void {
    const { closeCode, when } = disconnectReasons[reason];
    const retry = reason === "slow_consumer" ? { retryAfterSeconds: 5 } : {};
    connection?.close(closeCode, this.#ephemeral("DISCONNECTED", { reason, message: when, reconnect, ...retry }));
  }

  #ephemeral(type: string, data: Readonly<Record<string, unknown>>) {
    const { newId, now } = this.#options;
    return { eventId: newId(), type, timestamp: new Date(now()).toISOString(), data };
  }
}

/** What could not be resumed begins anew, under its old name, by which its commands are remembered ([W4], [W28]). */
function forget(session: Session, seq: number): void {
  session.channels.clear();
  session.presence.clear();
  session.servedSeq = seq;
  session.hasReceived = false;
  if (session.state.at === "replaying") session.state.held.length = 0;
}
