import { askSession } from "./ask-session.ts";
import type { DiagnosticLog } from "../diagnostic-log.ts";
import type { Clock } from "../platform/clock.ts";
import type { RestGet } from "../platform/rest.ts";
import { openSocket, type OpenSocket, type WebSocketLike } from "../platform/web-socket.ts";
import type { LossCause } from "./connection-state.ts";
import { Heartbeat } from "./heartbeat.ts";
import { closeCodeOf, type SocketEnd } from "./judge-end.ts";
import { type Effect, idleMachine, type Input, type Machine, nextTickAt } from "./machine.ts";
import { next } from "./next.ts";
import { type TokenAnswer, type TokenOption, TokenSource } from "./token-source.ts";

export interface ConnectionOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly webSocket: WebSocketLike;
  readonly baseUrl: URL;
  readonly get: RestGet;
  readonly token: TokenOption;
  /** Learnt with the first attempt ([S30]). */
  readonly clientId: () => Promise<string>;
  readonly maxBackoffMs: number | undefined;
  /** Query for the next socket: where to resume. */
  readonly resumeQuery: () => Readonly<Record<string, string>>;
  readonly onState: (machine: Machine, before: Machine) => void;
  readonly onText: (text: string) => void;
  readonly onPing: () => void;
  readonly diagnostics: DiagnosticLog;
}

/** A token whose life is not known yet serves the attempts of a minute. */
const unknownLifeMs = 60_000;
const tokenMarginMs = 5000;

/** Carries out what the machine decides: one socket, one token request, one timer, one heartbeat at most ([S7]). */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #tokens: TokenSource;
  #machine: Machine = idleMachine;
  #socket: OpenSocket | undefined;
  #heartbeat: Heartbeat | undefined;
  #token = "";
  #clientId = "";
  /** Until then the token need not be asked for again ([I9]). */
  #tokenUntil = Number.NEGATIVE_INFINITY;
  #goodProbes = 0;
  #cancelTick: () => void = () => undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#tokens = new TokenSource(options.token);
  }

  get machine(): Machine {
    return this.#machine;
  }

  /** The token in use, for REST. */
  get token(): string {
    return this.#token;
  }

  get tokens(): TokenSource {
    return this.#tokens;
  }

  feed(input: Input): void {
    const before = this.#machine;
    // Perhaps another user.
    if (input.on === "connect") this.#tokenUntil = Number.NEGATIVE_INFINITY;
    const { machine, effects } = next(before, input, this.#options.clock.now(), this.#options);
    this.#machine = machine;
    for (const effect of effects) this.#carryOut(effect);
    this.#cancelTick();
    const tickAt = nextTickAt(this.#machine);
    if (tickAt !== undefined) {
      const wait = Math.max(0, tickAt - this.#options.clock.now());
      this.#cancelTick = this.#options.clock.after(wait, () => this.feed({ on: "tick" }));
    }
    if (machine !== before) this.#options.onState(machine, before);
  }

  send(text: string): boolean {
    if (this.#socket === undefined) return false;
    this.#socket.send(text);
    return true;
  }

  /** A renewed token counts from now on. */
  renewed(token: string, lifeMs: number): void {
    this.#token = token;
    this.tokenLasts(lifeMs);
  }

  /** How long the token is good, as the server told. */
  tokenLasts(ms: number): void {
    this.#tokenUntil = this.#options.clock.now() + ms - tokenMarginMs;
  }

  /** The server's last word is the end: its close, on a path that is stuck, would come late or never ([S11], [W17]). */
  saidFarewell(farewell: Omit<SocketEnd, "code">): void {
    const end = { ...farewell, code: closeCodeOf(farewell.reason) };
    this.feed({ on: "ended", generation: this.#machine.generation, end });
  }

  startHeartbeat(intervalMs: number): void {
    const { clock, random, onPing } = this.#options;
    this.#heartbeat?.stop();
    const { generation } = this.#machine;
    this.#heartbeat = new Heartbeat({
      clock,
      random,
      intervalMs,
      ping: onPing,
      onDead: (kind) => this.lose({ kind, message: "The server does not answer." }, generation),
    });
  }

  lose(cause: LossCause, generation = this.#machine.generation, fault?: "protocol"): void {
    this.feed({ on: "lost", generation, cause, fault });
  }

  /** Network or page woke up: try now, or ask whether the connection still lives ([S21]). */
  wake(): void {
    if (this.#machine.at === "live") this.#heartbeat?.doubt();
    else this.feed({ on: "wake" });
  }

  doubt(): void {
    this.#heartbeat?.doubt();
  }

  #carryOut(effect: Effect): void {
    switch (effect) {
      case "askToken":
        void this.#askToken(this.#machine);
        return;
      case "open":
        this.#open(this.#machine.generation);
        return;
      case "abandon":
        this.#tokens.cancel();
        this.#heartbeat?.stop();
        this.#heartbeat = undefined;
        this.#socket?.abandon();
        this.#socket = undefined;
        return;
      case "probe":
        void this.#probe();
    }
  }

  async #askToken({ attempt, generation, isTokenRejected: isRejected }: Machine): Promise<void> {
    const { clock, diagnostics } = this.#options;
    diagnostics.add("attempt", String(attempt));
    const isGood = !isRejected && clock.now() < this.#tokenUntil;
    const token: TokenAnswer = { ok: true, token: this.#token };
    const [answer, clientId] = await Promise.all([
      isGood ? token : this.#tokens.ask(isRejected ? "rejected" : "first"),
      this.#options.clientId(),
    ]);
    if (answer?.ok === true && !isGood) this.#tokenUntil = clock.now() + unknownLifeMs;
    this.#clientId = clientId;
    if (answer === undefined) return;
    if (answer.ok) {
      if (generation === this.#machine.generation) this.#token = answer.token;
      this.feed({ on: "token", generation });
    } else this.feed({ on: "tokenFailed", generation, isFinal: answer.isFinal, message: answer.message });
  }

  #open(generation: number): void {
    const { baseUrl, webSocket, resumeQuery, onText, diagnostics } = this.#options;
    const url = new URL("ws", baseUrl);
    url.protocol = url.protocol.replace("http", "ws");
    url.search = String(new URLSearchParams({ clientId: this.#clientId, ...resumeQuery() }));
    const isCurrent = (): boolean => generation === this.#machine.generation;
    try {
      this.#socket = openSocket(webSocket, url.href, ["pbx-x", `pbx-x.bearer.${this.#token}`], {
        onOpen: () => this.feed({ on: "opened", generation }),
        onText: (text) => {
          if (!isCurrent()) return;
          this.#heartbeat?.onFrame();
          onText(text);
        },
        onEnd: (code) => {
          if (!isCurrent()) return;
          diagnostics.add("ended", String(code));
          this.feed({ on: "ended", generation, end: { code } });
        },
      });
    } catch {
      // A token or an address that the platform's constructor refuses.
      this.#options.clock.after(0, () => this.feed({ on: "ended", generation, end: { code: 1006 } }));
    }
  }

  async #probe(): Promise<void> {
    const { generation } = this.#machine;
    const { get, diagnostics } = this.#options;
    const { status, retryAfterSeconds } = await askSession(get);
    if (generation !== this.#machine.generation) return;
    diagnostics.add("probe", String(status ?? "no answer"));
    this.#goodProbes = status === 200 ? this.#goodProbes + 1 : 0;
    if (this.#goodProbes >= 2) {
      const detail = "REST answers, but no WebSocket opens: a proxy?";
      diagnostics.add("websocket_blocked", detail);
    }
    this.feed({ on: "probed", status, retryAfterSeconds });
  }
}
