import { attemptWindowMs } from "./backoff.ts";
import type { ClosedReason, ConnectionState, LossCause } from "./connection-state.ts";
import type { SocketEnd } from "./judge-end.ts";

/** What an attempt is at. `waiting` is the time before it, `none` where there is none. */
export type Phase = "none" | "waiting" | "token" | "opening" | "greeting" | "catchingUp" | "live";

/** What is counted: frames that cannot be read, reading too slowly, refused tokens. */
export type Fault = "protocol" | "slow" | "token";

/** The whole state of the connection; times are monotonic milliseconds. */
export interface Machine {
  readonly at: ConnectionState["at"];
  readonly phase: Phase;
  /** When the phase has lasted too long, or the waiting is over. */
  readonly deadline: number | undefined;
  /** Start, or loss of the last connection ([S4]). */
  readonly lostAt: number;
  readonly liveAt: number | undefined;
  readonly wasLive: boolean;
  /** Every attempt has its own; what older ones still tell is not heard ([S6]). */
  readonly generation: number;
  /** Attempts since the last lasting connection ([S10]). */
  readonly attempt: number;
  readonly starts: readonly number[];
  /** When faults of each kind that are counted happened, as far as they still count. */
  readonly faults: Readonly<Record<Fault, readonly number[]>>;
  /** Attempts in a row that ended before `CONNECTED` ([S41]). */
  readonly unanswered: number;
  readonly configFaults: number;
  readonly isTokenRejected: boolean;
  readonly lastWakeAt: number;
  readonly cause: LossCause | undefined;
  readonly closed: { readonly reason: ClosedReason; readonly message: string } | undefined;
}

export type Input =
  | { readonly on: "connect" }
  | { readonly on: "close" }
  | { readonly on: "token"; readonly generation: number }
  | {
      readonly on: "tokenFailed";
      readonly generation: number;
      /** No other token will come ([S40]). */
      readonly isFinal: boolean;
      readonly message: string;
    }
  | { readonly on: "opened"; readonly generation: number }
  | { readonly on: "greeted"; readonly generation: number }
  | { readonly on: "progress" }
  | { readonly on: "caughtUp"; readonly generation: number }
  | { readonly on: "ended"; readonly generation: number; readonly end: SocketEnd }
  /** Found dead or useless by ourselves: heartbeat, sleep, page, bad frame. */
  | {
      readonly on: "lost";
      readonly generation: number;
      readonly cause: LossCause;
      readonly fault?: "protocol" | undefined;
    }
  /** What `GET /auth/session` said; no status where nothing answered ([S41]). */
  | { readonly on: "probed"; readonly status: number | undefined; readonly retryAfterSeconds?: number | undefined }
  /** Network or page came back ([S21]). */
  | { readonly on: "wake" }
  | { readonly on: "tick" };

/** What is to be done, for the machine's present attempt; `abandon` orphans the socket and drops the token request. */
export type Effect = "askToken" | "open" | "abandon" | "probe";

export interface Step {
  readonly machine: Machine;
  readonly effects: readonly Effect[];
}

/** Deadlines of the phases of one attempt ([S5]), ms. */
export const deadlines = { token: 10_000, opening: 10_000, greeting: 5000, catchingUp: 15_000 } as const;

/** Without a connection for so long it is offline ([S4]). */
const offlineAfterMs = 10_000;
/** A connection that lasted this long starts the back-off anew ([S10]). */
export const steadyAfterMs = 30_000;
/** Faults within this time are counted together. */
export const faultWindowMs: Readonly<Record<Fault, number>> = { protocol: 60_000, slow: 300_000, token: 60_000 };

export const idleMachine: Machine = {
  at: "idle",
  phase: "none",
  deadline: undefined,
  lostAt: 0,
  liveAt: undefined,
  wasLive: false,
  generation: 0,
  attempt: 0,
  starts: [],
  faults: { protocol: [], slow: [], token: [] },
  unanswered: 0,
  configFaults: 0,
  isTokenRejected: false,
  lastWakeAt: Number.NEGATIVE_INFINITY,
  cause: undefined,
  closed: undefined,
};

/** When the machine wants to be told the time again; undefined where nothing waits. */
export function nextTickAt(machine: Machine): number | undefined {
  const at = Math.min(machine.deadline ?? Infinity, offlineAt(machine));
  return at === Infinity ? undefined : at;
}

/** When it has been without a connection for so long that it says so ([S4]). */
export function offlineAt({ at, lostAt }: Machine): number {
  return at === "connecting" || at === "resuming" ? lostAt + offlineAfterMs : Infinity;
}

export function recent(times: readonly number[], now: number, windowMs: number): readonly number[] {
  return times.filter((at) => now - at < windowMs);
}

/** Starts of attempts that still count. */
export function recentStarts(machine: Machine, now: number): readonly number[] {
  return recent(machine.starts, now, attemptWindowMs);
}
