import { type Actor, type AnyEvent, type EventOf, heartbeatSeconds, type Position } from "@pbx-x/protocol/runtime";
import { Commander } from "./commands/commander.ts";
import { askSession, nobody } from "./connection/ask-session.ts";
import { Connection } from "./connection/connection.ts";
import type { ConnectionState } from "./connection/connection-state.ts";
import type { Machine } from "./connection/machine.ts";
import { DiagnosticLog } from "./diagnostic-log.ts";
import type { Meta } from "./delivery/delivery.ts";
import { readFrame } from "./delivery/incoming.ts";
import { WantedChannels } from "./delivery/wanted-channels.ts";
import { Emitter } from "./events/emitter.ts";
import { Listeners } from "./events/listeners.ts";
import { LiveModel } from "./model/live-model.ts";
import type { ConnectOptions } from "./options.ts";
import { type ClaimedId, claimClientId, tabPlace } from "./platform/client-id.ts";
import { type Clock, systemClock } from "./platform/clock.ts";
import { frameScheduler } from "./platform/frame-scheduler.ts";
import { watchPage } from "./platform/page-signals.ts";
import { type RestGet, restGet } from "./platform/rest.ts";
import { uuidV7 } from "./platform/uuid.ts";
import type { WebSocketLike } from "./platform/web-socket.ts";
import { Session } from "./session.ts";
import { isSameState, showState } from "./show-state.ts";
import { TokenKeeper } from "./token-keeper.ts";
import { until } from "./until.ts";
import { Warnings } from "./warnings.ts";

/** For whoever shares one connection among several tabs ([T2]). */
export interface CoreHooks {
  /** An event is about to be applied. */
  readonly onArrival?: (event: AnyEvent) => void;
  /** The server answered a ping; the position is where it says. */
  readonly onPong?: () => void;
}

/** The parts of a client and how they work together; `PbxClient` is its face. */
export class ClientCore {
  readonly clock: Clock;
  readonly emitter = new Emitter();
  readonly diagnostics: DiagnosticLog;
  readonly commander: Commander;
  readonly model: LiveModel;
  readonly connection: Connection;
  readonly session: Session;
  readonly wanted: WantedChannels;
  readonly stateListeners = new Listeners();
  readonly actorListeners = new Listeners();
  readonly #options: ConnectOptions;
  readonly #hooks: CoreHooks;
  readonly #random: () => number;
  readonly #baseUrl: URL;
  readonly #get: RestGet;
  readonly #tokenKeeper: TokenKeeper;
  readonly #warnings: Warnings;
  readonly #positionListeners = new Listeners();
  /** As `CONNECTED` told it. */
  serverVersion: string | undefined;
  #actor = nobody;
  #actorOf: string | undefined;
  /** The session is new, and who the user is was not learnt in it yet. */
  #isActorOld = true;
  #serverOffsetMs = 0;
  #pingedAt: number | undefined;
  #rttMs: number | undefined;
  #shown: ConnectionState = { at: "idle" };
  #stopPage: () => void = () => undefined;
  #claimed: Promise<ClaimedId> | undefined;

  constructor(options: ConnectOptions, hooks: CoreHooks = {}) {
    this.#options = options;
    this.#hooks = hooks;
    this.clock = options.clock ?? systemClock(options.keepAlive);
    this.#random = options.random ?? Math.random;
    this.#baseUrl = baseUrlOf(options.url);
    const fetchIt: typeof fetch = options.fetch ?? ((input, init) => fetch(input, init));
    this.#get = restGet(fetchIt, this.#baseUrl, () => this.connection.token);
    this.#warnings = new Warnings({ clock: this.clock, tell: options.onWarning, wanted: () => this.wanted.list() });
    const newId = (): string => uuidV7(this.clock.wall(), this.#random);
    this.diagnostics = new DiagnosticLog(this.clock, options.onDiagnostic);
    this.commander = new Commander({
      clock: this.clock,
      newId,
      timeoutMs: options.commandTimeoutMs ?? 10_000,
      at: () => this.connection.machine.at,
      send: (text) => this.connection.send(text),
      untilVisible: (seq) => this.#untilVisible(seq),
    });
    this.model = new LiveModel({
      schedule: frameScheduler(this.clock),
      actor: () => this.#actor,
      pending: (callId) => this.commander.pending(callId),
      onError: (error) => this.emitter.emit("error", error),
      onEmpty: (table) => this.#warnings.readEmpty(table),
      warn: (message) => this.#warnings.warn(message),
    });
    this.wanted = new WantedChannels(
      this.clock,
      () => {
        // Before that, the session looks for it itself once the rest is caught up.
        if (this.connection.machine.at === "live") void this.session.change();
      },
      (run) => this.model.afterPublish(run),
    );
    if (options.channels !== undefined) this.wanted.want(options.channels);
    this.connection = new Connection({
      clock: this.clock,
      random: this.#random,
      webSocket: options.webSocket ?? globalSocket(),
      get: this.#get,
      baseUrl: this.#baseUrl,
      token: options.token,
      clientId: () => this.#claimId(newId),
      maxBackoffMs: options.backoff?.maxMs,
      resumeQuery: () => this.session.resumeQuery(),
      onState: (machine, before) => this.#onState(machine, before),
      onText: (text) => this.#onText(text),
      onPing: () => this.ping(),
      diagnostics: this.diagnostics,
    });
    this.session = new Session({
      from: options.from,
      mode: options.catchUp ?? "events",
      commander: this.commander,
      wanted: this.wanted,
      model: this.model,
      get: this.#get,
      actor: () => (this.#isActorOld ? nobody : this.#actor),
      onArrival: hooks.onArrival,
      clock: this.clock,
      emit: (event, source) => this.#emit(event, source),
      onProgress: () => this.connection.feed({ on: "progress" }),
      onChannelError: (error) => this.emitter.emit("channelError", error),
      onUnusable: (reason) => {
        this.diagnostics.add("hole", reason);
        this.connection.lose({ kind: "server", message: `The stream has a fault (${reason}).` });
      },
    });
    this.#tokenKeeper = new TokenKeeper({
      clock: this.clock,
      random: this.#random,
      tokens: this.connection.tokens,
      renew: async (token) => {
        const { tokenExpiresAt } = await this.commander.run("refreshToken", { token }, {}, true);
        return Math.max(0, Date.parse(tokenExpiresAt) - this.serverNow());
      },
      onRenewed: (token, remainingMs) => this.connection.renewed(token, remainingMs),
      diagnostics: this.diagnostics,
    });
  }

  get actor(): Actor {
    return this.#actor;
  }

  /** The server's clock. */
  serverNow(): number {
    return this.clock.now() + this.#serverOffsetMs;
  }

  get position(): Position | undefined {
    return this.session.delivery.position;
  }

  get shown(): ConnectionState {
    return this.#shown;
  }

  connect(): void {
    this.#stopPage();
    this.#stopPage = watchPage({
      onWake: () => this.connection.wake(),
      onDoubt: () => this.connection.doubt(),
      onHide: () => this.connection.lose({ kind: "page", message: "The page was put aside." }),
    });
    this.connection.feed({ on: "connect" });
  }

  close(): void {
    this.connection.feed({ on: "close" });
  }

  async #claimId(newId: () => string): Promise<string> {
    const { clientId } = this.#options;
    if (clientId !== undefined) return clientId;
    this.#claimed ??= claimClientId(tabPlace(), `pbx-x.client ${this.#baseUrl.href}`, newId);
    return (await this.#claimed).id;
  }

  #onState(machine: Machine, before: Machine): void {
    if (before.phase === "live" && machine.phase !== "live") {
      this.model.setStale(true);
    }
    if (machine.generation !== before.generation) {
      this.#tokenKeeper.stop();
      this.session.onLost();
      this.commander.onLost();
    }
    const { slow } = machine.faults;
    if (slow.length >= 3 && slow !== before.faults.slow) this.session.skipNext("slow");
    if (machine.at !== before.at) {
      this.diagnostics.add("state", machine.at);
      if (machine.at === "offline") this.commander.onOffline();
      if (machine.at === "closed") {
        this.#stopPage();
        this.#warnings.stop();
        void this.#claimed?.then(({ release }) => release());
        this.#claimed = undefined;
        this.commander.onClosed();
      }
    }
    this.#show(machine);
  }

  #show(machine: Machine): void {
    const shown = showState(machine, {
      wallOffset: this.clock.wall() - this.clock.now(),
      sessionId: this.session.id ?? "",
      position: this.session.delivery.position,
      rttMs: this.#rttMs,
    });
    // Ticks of the machine that nobody can see: the same object for view libraries ([M5]).
    if (isSameState(shown, this.#shown)) return;
    this.#shown = shown;
    this.stateListeners.tell();
  }

  #onText(text: string): void {
    const incoming = readFrame(text);
    if (incoming === undefined) {
      this.session.onMalformed();
      this.diagnostics.add("malformed", `${text.length} characters`);
      this.connection.lose({ kind: "server", message: "A frame could not be read." }, undefined, "protocol");
    } else if ("answer" in incoming) this.commander.onAnswer(incoming.answer);
    else this.#onEvent(incoming.event);
  }

  #onEvent(event: AnyEvent): void {
    switch (event.type) {
      case "CONNECTED":
        void this.#onConnected(event);
        return;
      case "PONG":
        if (this.#pingedAt !== undefined) this.#rttMs = Math.round(this.clock.now() - this.#pingedAt);
        this.#pingedAt = undefined;
        if (this.connection.machine.phase === "live") this.session.onPong(event.data);
        this.#positionListeners.tell();
        this.#show(this.connection.machine);
        this.#hooks.onPong?.();
        return;
      case "DISCONNECTED":
        this.connection.saidFarewell(event.data);
        this.#emit(event, "live");
        return;
      case "AUTH_EXPIRING":
        this.#tokenKeeper.expiring();
        this.#emit(event, "live");
        return;
      default:
        this.session.delivery.receive(event);
        this.#positionListeners.tell();
    }
  }

  async #onConnected(event: EventOf<"CONNECTED">): Promise<void> {
    const { generation, lostAt } = this.connection.machine;
    const serverMs = Date.parse(event.timestamp);
    this.#serverOffsetMs = serverMs - this.clock.now();
    const { data } = event;
    this.serverVersion = data.serverVersion;
    this.connection.feed({ on: "greeted", generation });
    const interval = this.#options.heartbeatMs ?? (data.heartbeatSeconds ?? heartbeatSeconds) * 1000;
    this.connection.startHeartbeat(interval);
    if (data.tokenExpiresAt !== undefined) {
      const remainingMs = Math.max(0, Date.parse(data.tokenExpiresAt) - serverMs);
      this.connection.tokenLasts(remainingMs);
      this.#tokenKeeper.start(remainingMs);
    }
    void this.#learnActor(data.userId, data.resumed === true);
    try {
      const result = await this.session.start(data);
      if (generation !== this.connection.machine.generation) return;
      this.diagnostics.add("catch_up", result.is === "resumed" ? result.resumed.via : result.is);
      // First: what is sent by those who are told that it is live is none of before the loss.
      this.commander.onLive(data.resumed === true);
      this.connection.feed({ on: "caughtUp", generation });
      this.#emit(event, "live");
      if (result.is === "gap") this.emitter.emit("gap", result.gap);
      if (result.is === "resumed") {
        this.emitter.emit("resumed", { ...result.resumed, downMs: this.clock.now() - lostAt });
      }
      this.#positionListeners.tell();
    } catch {
      this.connection.lose({ kind: "server", message: "The state could not be read." }, generation);
    }
  }

  /**
   * Of another user nothing is taken over, and an answer about one who left is not heard ([S42]). A session that is new may
   * have other rights: the server ends the one before for that ([W14]).
   */
  async #learnActor(userId: string, isResumed: boolean): Promise<void> {
    if (this.#actorOf !== userId) this.#setActor(nobody, userId);
    this.#isActorOld ||= !isResumed;
    if (!this.#isActorOld) return;
    const { generation } = this.connection.machine;
    const { actor } = await askSession(this.#get);
    if (actor === undefined || generation !== this.connection.machine.generation) return;
    const { extensionId } = this.#actor === nobody ? actor : this.#actor;
    this.#isActorOld = false;
    this.#setActor(actor, userId);
    this.session.prune(actor.extensionId !== extensionId);
  }

  #setActor(actor: Actor, userId: string): void {
    this.#actorOf = userId;
    if (actor === this.#actor) return;
    this.#actor = actor;
    this.model.actorChanged();
    this.actorListeners.tell();
  }

  #emit(event: AnyEvent, source: Meta["source"]): void {
    const serverNow = this.serverNow();
    const meta = {
      source,
      ageMs: Math.max(0, serverNow - Date.parse(event.timestamp)),
      conflated: event.conflated ?? 0,
    };
    // The listeners of this very type.
    this.emitter.emit(event.type, event as never, meta);
    this.emitter.emit("*", event, meta);
    if (event.type === "CALL_ENDED") this.model.forgetEnded(serverNow);
  }

  ping(): void {
    this.#pingedAt = this.clock.now();
    this.connection.send(JSON.stringify({ command: "ping", params: {} }));
  }

  /** Until the position has reached a command's effect; a ping is the barrier where no event brings it there ([K7]). */
  #untilVisible(seq: number | undefined): Promise<void> {
    const isThere = (): boolean => seq === undefined || (this.session.delivery.position?.seq ?? 0) >= seq;
    if (isThere()) return Promise.resolve();
    this.ping();
    return until(this.clock, { timeoutMs: 10_000, what: () => "the command's effect" }, (done) => {
      const check = (): void => {
        if (isThere()) done.resolve();
      };
      return this.#positionListeners.subscribe(check);
    });
  }
}

/** Also of the address that programs without the SDK use, `ws://…/ws`. */
function baseUrlOf(url: string | URL): URL {
  const text = String(url).replace(/^ws/, "http");
  if (!/^https?:/.test(text)) throw new TypeError(`url must begin with https:// or http://, not ${text}`);
  return new URL(text.replace(/(\/ws)?\/*$/, "/"));
}

function globalSocket(): WebSocketLike {
  const { WebSocket: found } = globalThis as { readonly WebSocket?: WebSocketLike };
  if (found === undefined) throw new Error("No WebSocket here; give one as `webSocket`.");
  return found;
}
