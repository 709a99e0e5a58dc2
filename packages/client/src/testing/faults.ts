import type { TokenOption } from "../connection/token-source.ts";
import type { Direction, FrameFault } from "./frame-faults.ts";
import type { ManualClock } from "./manual-clock.ts";
import type { TestServer } from "./test-server.ts";

/** Every fault that a network, a server, a log-in or a machine can have, each by one call. */
export class Faults {
  readonly #server: TestServer;
  readonly #clock: ManualClock;
  #tokenFailures = 0;

  constructor(server: TestServer, clock: ManualClock) {
    this.#server = server;
    this.#clock = clock;
  }

  /** The next frame of each connection is lost. */
  drop(direction: Direction = "toClient"): void {
    this.#next(direction, { is: "drop" });
  }

  /** It and all behind it come so much later. */
  delay(ms: number, direction: Direction = "toClient"): void {
    this.#next(direction, { is: "delay", ms });
  }

  duplicate(direction: Direction = "toClient"): void {
    this.#next(direction, { is: "duplicate" });
  }

  /** It comes after the one behind it. */
  reorder(direction: Direction = "toClient"): void {
    this.#next(direction, { is: "reorder" });
  }

  /** Half of it arrives. */
  truncate(direction: Direction = "toClient"): void {
    this.#next(direction, { is: "truncate" });
  }

  /** Silence: nothing comes through and nobody is told. */
  halfOpen(): void {
    this.#server.goSilent();
  }

  close(code = 1006): void {
    this.#server.cut(code);
  }

  /** The next connections are refused with this status, which only REST tells ([S41]). */
  refuseUpgrade(status: 401 | 403 | 404 | 429 | 503, times = 1): void {
    this.#server.refusals.push(...Array.from({ length: times }, () => status));
  }

  /** The server does not take the tokens of now any more. */
  expireToken(): void {
    this.#server.expireTokens();
    this.#server.disconnect("auth_revoked", 4001, { reconnect: true });
  }

  /** The application's `token()` fails so many times; see {@link Faults.token}. */
  tokenFails(times: number): void {
    this.#tokenFailures = times;
  }

  /** Wraps the application's `token` so that it can fail. */
  token(option: Exclude<TokenOption, string>): Exclude<TokenOption, string> {
    return (ask) => {
      if (this.#tokenFailures === 0) return option(ask);
      this.#tokenFailures -= 1;
      return Promise.reject(new Error("The log-in service does not answer."));
    };
  }

  /** The same client connects elsewhere ([S31]). */
  fence(): void {
    this.#server.disconnect("duplicate_connection", 4002, { reconnect: false });
  }

  forgetSession(): void {
    this.#server.forgetSessions();
  }

  /** The server starts again with an empty log. */
  newEpoch(): void {
    this.#server.forgetSessions();
    this.#server.log.newEpoch();
  }

  /** Events before this number are not kept any more. */
  forgetBefore(seq = this.#server.log.head + 1): void {
    this.#server.log.forgetBefore(seq);
  }

  /** The next two events that may be merged become one ([W31]). */
  conflate(): void {
    this.#server.conflateNext();
  }

  /** The client read too slowly. */
  slow(): void {
    this.#server.disconnect("slow_consumer", 4008);
  }

  /** The machine sleeps: its clock goes on, no timer runs, the server gives up after 90 s. */
  sleep(ms: number): void {
    if (ms > 90_000) this.#server.goSilent();
    this.#clock.sleep(ms);
  }

  /** Somebody sets the clock of the machine. */
  clockJump(ms: number): void {
    this.#clock.jumpWall(ms);
  }

  /** All is well from now on; what was broken stays for the client to find. */
  heal(): void {
    this.#server.refusals = [];
    this.#tokenFailures = 0;
  }

  #next(direction: Direction, fault: FrameFault): void {
    this.#server.addFault(direction, fault);
  }
}

/** Faults for a server in memory. A tab is frozen and a leader killed by {@link TestBrowser}. */
export function createFaults({ server, clock }: { readonly server: TestServer; readonly clock: ManualClock }): Faults {
  return new Faults(server, clock);
}
