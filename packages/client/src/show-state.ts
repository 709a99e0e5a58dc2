import type { Position } from "@pbx-x/protocol/runtime";
import type { ConnectionState } from "./connection/connection-state.ts";
import type { Machine } from "./connection/machine.ts";

export interface ShowOptions {
  /** From monotonic time to time since 1970. */
  readonly wallOffset: number;
  readonly sessionId: string;
  readonly position: Position | undefined;
  readonly rttMs: number | undefined;
}

/** The machine as applications see it. */
export function showState(machine: Machine, { wallOffset, sessionId, position, rttMs }: ShowOptions): ConnectionState {
  const { attempt } = machine;
  const since = machine.lostAt + wallOffset;
  const place = position === undefined ? {} : { position };
  switch (machine.at) {
    case "idle":
      return { at: "idle" };
    case "connecting":
      return { at: "connecting", attempt, since };
    case "live":
      return { at: "live", sessionId, ...place, ...(rttMs !== undefined && { rttMs }) };
    case "resuming":
      return { at: "resuming", attempt, lostAt: since, ...place };
    case "offline": {
      const isWaiting = machine.phase === "waiting" && machine.deadline !== undefined;
      const cause = machine.cause ?? { kind: "network", message: "No connection." };
      const nextAt = isWaiting ? { nextAttemptAt: (machine.deadline ?? 0) + wallOffset } : {};
      return { at: "offline", attempt, since, cause, ...nextAt, ...place };
    }
    case "closed":
      return { at: "closed", ...(machine.closed ?? { reason: "user", message: "Closed." }) };
  }
}

/** Whether an application would see a difference. Wall times move a little with each reading of two clocks. */
export function isSameState(a: ConnectionState, b: ConnectionState): boolean {
  return a.at === b.at && JSON.stringify(rounded(a)) === JSON.stringify(rounded(b));
}

function rounded(state: ConnectionState): object {
  const round = (value: unknown): unknown => (typeof value === "number" ? Math.round(value / 20) : value);
  return Object.fromEntries(Object.entries(state).map(([name, value]) => [name, isTime(name) ? round(value) : value]));
}

function isTime(name: string): boolean {
  return name === "since" || name === "lostAt" || name === "nextAttemptAt";
}
