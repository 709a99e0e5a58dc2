import {
  type AnyEvent,
  type CommandError,
  type CommandFrame,
  type CommandName,
  conflationKeyOf,
  parseChannel,
  scopeFilter,
  snapshotFromTables,
} from "@pbx-x/protocol/runtime";
import type { WebSocketLike } from "../platform/web-socket.ts";
import type { Direction, FrameFault } from "./frame-faults.ts";
import type { ManualClock } from "./manual-clock.ts";
import { TestLog } from "./test-log.ts";
import { createTestSockets, type TestLink } from "./test-socket.ts";

interface TestSession {
  readonly id: string;
  readonly clientId: string;
  readonly channels: Set<string>;
  link: TestLink | undefined;
  delivered: number;
  lostAt: number | undefined;
}

export interface TestServerOptions {
  readonly clock: ManualClock;
  /** Answers commands other than those of the session; default: succeeds with `{}`. */
  readonly onCommand?: (name: CommandName, params: unknown) => object;
  /** Refuses commands, those of the session too; undefined lets one through. */
  readonly refuse?: (name: CommandName, params: unknown) => CommandError | undefined;
}

/** A server in memory that speaks the wire rules, with faults on request. Frames move only with `flush()`. */
export class TestServer {
  readonly log = new TestLog();
  readonly webSocket: WebSocketLike;
  /** Every command that was carried out. */
  readonly executed: { readonly id: string; readonly command: CommandName }[] = [];
  /** Every frame that a client sent, pings too. */
  readonly received: CommandFrame[] = [];
  /** Connections that were greeted, and how. */
  readonly greetings: { readonly clientId: string; readonly isResumed: boolean }[] = [];
  /** When connections were tried. */
  readonly attempts: number[] = [];
  /** The next so many upgrades are refused. */
  refusals: number[] = [];
  tokenLifeMs = 900_000;
  maxReplay = 1000;
  /** Who the next connections are. */
  userId = "user-1";
  permissions: readonly string[] = ["calls.control.all"];
  /** The user's own extension. */
  extension: { readonly extensionId?: string; readonly extensionNumber?: string } = {};
  /** Channels that the user may not have. */
  readonly forbidden = new Set<string>();
  validTokens: ReadonlySet<string> | undefined;
  readonly #options: TestServerOptions;
  readonly #sessions = new Map<string, TestSession>();
  readonly #links = new Set<TestLink>();
  readonly #answers = new Map<string, string>();
  readonly #usedTokens = new Set<string>();
  readonly #expiredTokens = new Set<string>();
  #isConflating = false;
  #conflated: { readonly key: string; readonly event: AnyEvent } | undefined;
  #counter = 0;
  #lastRefusal: number | undefined;

  constructor(options: TestServerOptions) {
    this.#options = options;
    this.webSocket = createTestSockets(
      (link) => this.#onLink(link),
      () => options.clock.now(),
    );
  }

  /** `GET /auth/session` and `GET /events`. */
  readonly fetch: typeof fetch = (input, init) => {
    const url = new URL(String(input instanceof Request ? input.url : input));
    const token = new Headers(init?.headers).get("authorization")?.slice(7) ?? "";
    const json = (status: number, body: object): Promise<Response> => Promise.resolve(Response.json(body, { status }));
    if (!this.#isValid(token)) return json(401, { status: 401 });
    if (url.pathname === "/api/v1/auth/session") {
      const status = this.#lastRefusal ?? 200;
      return json(status, { userId: this.userId, permissions: this.permissions, ...this.extension });
    }
    if (url.pathname !== "/api/v1/events") return json(404, {});
    const after = Number(url.searchParams.get("after"));
    if (url.searchParams.get("epoch") !== this.log.epoch || !this.log.keeps(after)) return json(410, {});
    const channels = new Set((url.searchParams.get("channels") ?? "").split(",").filter((name) => name !== ""));
    if ([...channels].some((name) => !parseChannel(name).ok || this.forbidden.has(name)))
      return json(403, { status: 403 });
    const limit = Number(url.searchParams.get("limit"));
    const events = this.log.after(after, channels).slice(0, limit);
    const isLast = events.length < limit;
    return json(200, {
      epoch: this.log.epoch,
      events: events.map(({ event }) => event),
      nextAfter: isLast ? this.log.head : events.at(-1)?.seq,
      complete: isLast,
    });
  };

  /** Moves one waiting frame of each link; false when nothing waits. */
  flush(): boolean {
    let hasMoved = false;
    for (const link of this.#links) if (link.flush()) hasMoved = true;
    return hasMoved;
  }

  /** Moves frames until none waits. */
  async flushAll(): Promise<void> {
    await this.#options.clock.settle();
    while (this.flush()) await this.#options.clock.settle();
  }

  append(event: AnyEvent, channels: readonly string[]): void {
    this.#counter += 1;
    const logged = this.log.append(event, channels, `event-${this.#counter}`);
    const told = this.#conflate(logged.event);
    if (told === undefined) return;
    for (const session of this.#sessions.values()) {
      if (session.link === undefined || ![...logged.channels].some((name) => session.channels.has(name))) continue;
      session.delivered += 1;
      session.link.send(JSON.stringify(told));
    }
  }

  /** Undefined where the event waits for the next one about the same thing. */
  #conflate(event: AnyEvent): AnyEvent | undefined {
    const held = this.#conflated;
    if (held === undefined && !this.#isConflating) return event;
    const key = conflationKeyOf(event);
    if (held !== undefined && held.key === key) {
      this.#conflated = undefined;
      return { ...event, data: united(held.event.data, event.data), conflated: 2 } as AnyEvent;
    }
    if (key === undefined || held !== undefined) return event;
    this.#isConflating = false;
    this.#conflated = { key, event };
    return undefined;
  }

  /** Cuts every connection with this code. */
  cut(code = 1006): void {
    for (const link of this.#links) link.close(code);
    this.#loseAll();
  }

  /** Says why, then closes. */
  disconnect(reason: string, code: number, more: Readonly<Record<string, unknown>> = {}): void {
    this.sayFarewell(reason, more);
    this.cut(code);
  }

  /** Says why; the close after it gets lost. */
  sayFarewell(reason: string, more: Readonly<Record<string, unknown>> = {}): void {
    for (const link of this.#links) link.send(this.#frame("DISCONNECTED", { reason, message: reason, ...more }));
  }

  /** Connections stay, but nothing comes through any more. */
  goSilent(): void {
    for (const link of this.#links) link.goSilent();
    this.#loseAll();
  }

  /** What happens to the next frame of each connection. */
  addFault(direction: Direction, fault: FrameFault): void {
    for (const link of this.#links) if (link.isOpen) link.addFault(direction, fault);
  }

  /** The next event to each client is lost on the way. */
  dropNext(): void {
    this.addFault("toClient", { is: "drop" });
  }

  /** Tokens that were used until now are not taken any more. */
  expireTokens(): void {
    for (const token of this.#usedTokens) this.#expiredTokens.add(token);
  }

  /** Of the next events that may be merged, two become one. */
  conflateNext(): void {
    this.#isConflating = true;
  }

  forgetSessions(): void {
    this.cut(1006);
    this.#sessions.clear();
    this.#answers.clear();
  }

  get connections(): number {
    return [...this.#sessions.values()].filter(({ link }) => link !== undefined).length;
  }

  sendRaw(text: string): void {
    for (const link of this.#links) link.send(text);
  }

  #isValid(token: string): boolean {
    if (this.#expiredTokens.has(token)) return false;
    this.#usedTokens.add(token);
    return this.validTokens === undefined || this.validTokens.has(token);
  }

  #loseAll(): void {
    for (const session of this.#sessions.values()) {
      if (session.link === undefined) continue;
      session.link = undefined;
      session.lostAt = this.#options.clock.now();
    }
  }

  #onLink(link: TestLink): void {
    this.attempts.push(this.#options.clock.now());
    for (const old of this.#links) if (!old.isOpen && !old.flush()) this.#links.delete(old);
    this.#links.add(link);
    const token = link.protocols.find((name) => name.startsWith("pbx-x.bearer."))?.slice(13) ?? "";
    const refusal = this.refusals.shift() ?? (this.#isValid(token) ? undefined : 401);
    this.#lastRefusal = refusal;
    if (refusal !== undefined) {
      link.close(1006);
      return;
    }
    link.accept();
    this.#greet(link);
  }

  #greet(link: TestLink): void {
    const { searchParams } = link.url;
    const now = this.#options.clock.now();
    const clientId = searchParams.get("clientId") ?? "";
    const since = Number(searchParams.get("since"));
    const former = this.#sessions.get(searchParams.get("resume") ?? "");
    const isFresh = former?.lostAt === undefined || now - former.lostAt < 120_000;
    const canReplay = searchParams.get("epoch") === this.log.epoch && this.log.keeps(since);
    const missed = former === undefined || !canReplay ? [] : this.log.after(since, former.channels);
    const isResumed = former !== undefined && isFresh && canReplay && missed.length <= this.maxReplay;
    for (const [id, other] of this.#sessions) {
      if (other.clientId !== clientId) continue;
      other.link?.send(this.#frame("DISCONNECTED", { reason: "duplicate_connection", message: "", reconnect: false }));
      other.link?.close(4002);
      other.link = undefined;
      if (other !== former || !isResumed) this.#sessions.delete(id);
    }
    this.greetings.push({ clientId, isResumed });
    this.#counter += 1;
    const session: TestSession =
      isResumed && former !== undefined
        ? former
        : { id: `session-${this.#counter}`, clientId, channels: new Set(), link, delivered: 0, lostAt: undefined };
    this.#sessions.set(session.id, session);
    session.link = link;
    session.lostAt = undefined;
    session.delivered = 0;
    link.onText = (text) => {
      const frame = readCommand(text);
      if (frame !== undefined) this.#onCommand(session, frame);
      else
        link.send(JSON.stringify({ id: null, success: false, error: { code: "INVALID_PARAMS", message: "not JSON" } }));
    };
    link.onClientClose = () => {
      if (session.link !== link) return;
      session.link = undefined;
      session.lostAt = this.#options.clock.now();
    };
    link.send(
      this.#frame("CONNECTED", {
        userId: this.userId,
        extensionId: null,
        sessionId: session.id,
        epoch: this.log.epoch,
        seq: this.log.head,
        resumed: isResumed,
        replaying: isResumed ? missed.length : 0,
        heartbeatSeconds: 30,
        tokenExpiresAt: new Date(this.#options.clock.elsewhere() + this.tokenLifeMs).toISOString(),
        serverVersion: "test",
      }),
    );
    if (isResumed) this.#replay(session, missed);
  }

  #replay(session: TestSession, events: readonly { readonly event: AnyEvent }[]): void {
    for (const { event } of events) {
      session.delivered += 1;
      session.link?.send(JSON.stringify(event));
    }
  }

  #onCommand(session: TestSession, frame: CommandFrame): void {
    const { link } = session;
    if (link === undefined) return;
    this.received.push(frame);
    if (frame.command === "ping") {
      link.send(this.#frame("PONG", { seq: this.log.head, delivered: session.delivered }));
      return;
    }
    const key = `${session.clientId} ${frame.id}`;
    const known = this.#answers.get(key);
    if (known !== undefined) {
      link.send(known);
      return;
    }
    const error = this.#options.refuse?.(frame.command, frame.params);
    if (error !== undefined) {
      link.send(JSON.stringify({ id: frame.id, success: false, error }));
      return;
    }
    const isSession = frame.command === "subscribe" || frame.command === "unsubscribe";
    const data =
      frame.command === "subscribe" ? this.#subscribe(session, frame.params) : this.#carryOut(session, frame);
    const answer = JSON.stringify({ id: frame.id, success: true, data: data.result, seq: this.log.head });
    if (!isSession) this.#answers.set(key, answer);
    link.send(answer);
    this.#replay(session, data.replay);
  }

  #carryOut(session: TestSession, frame: CommandFrame) {
    if (frame.command === "unsubscribe") {
      for (const channel of frame.params.channels) session.channels.delete(channel);
      return { result: { channels: frame.params.channels.map((channel) => ({ channel, ok: true })) }, replay: [] };
    }
    if (frame.command === "refreshToken") {
      const tokenExpiresAt = new Date(this.#options.clock.elsewhere() + this.tokenLifeMs).toISOString();
      return { result: { tokenExpiresAt }, replay: [] };
    }
    this.executed.push({ id: frame.id ?? "", command: frame.command });
    return { result: this.#options.onCommand?.(frame.command, frame.params) ?? {}, replay: [] };
  }

  #subscribe(session: TestSession, params: CommandFrame<"subscribe">["params"]) {
    const before = new Set(session.channels);
    const channels = params.channels.map((channel) => {
      const parsed = parseChannel(channel);
      if (!parsed.ok) return { channel, ok: false, error: { code: "INVALID_PARAMS", message: parsed.message } };
      if (this.forbidden.has(channel)) {
        return { channel, ok: false, error: { code: "UNAUTHORIZED", message: "not with these rights" } };
      }
      session.channels.add(channel);
      return { channel, ok: true };
    });
    const { epoch, head: seq } = this.log;
    const base = { channels, epoch, seq };
    if (params.since !== undefined) {
      const canReplay = params.since.epoch === epoch && this.log.keeps(params.since.seq) && before.size === 0;
      const missed = canReplay ? this.log.after(params.since.seq, session.channels) : [];
      if (!canReplay || missed.length > this.maxReplay) return { result: { ...base, recovered: false }, replay: [] };
      return { result: { ...base, recovered: true, missed: missed.length }, replay: missed };
    }
    if (params.snapshot !== true) return { result: base, replay: [] };
    const scope = [...params.channels];
    const { tables } = this.log;
    const snapshot = snapshotFromTables(tables, { epoch, seq, scope, includes: scopeFilter(tables, scope) });
    return { result: { ...base, snapshot }, replay: [] };
  }

  #frame(type: string, data: object): string {
    this.#counter += 1;
    const timestamp = new Date(this.#options.clock.elsewhere()).toISOString();
    return JSON.stringify({ eventId: `frame-${this.#counter}`, type, timestamp, data });
  }
}

/** Differences are united, the rest is as the later one says ([W31]). */
function united(before: AnyEvent["data"], after: AnyEvent["data"]): object {
  const changesOf = (data: object | undefined): object =>
    (data as { readonly changes?: object } | undefined)?.changes ?? {};
  const changes = { ...changesOf(before), ...changesOf(after) };
  return { ...before, ...after, ...(Object.keys(changes).length > 0 && { changes }) };
}

function readCommand(text: string): CommandFrame | undefined {
  try {
    return JSON.parse(text) as CommandFrame;
  } catch {
    return undefined;
  }
}

export function createTestServer(options: TestServerOptions): TestServer {
  return new TestServer(options);
}
