import type { Position } from "@pbx-x/protocol/runtime";
import type { ConnectionState, LossCause } from "./connection/connection-state.ts";
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
      const { phase, deadline, cause } = machine;
      const next = phase === "waiting" && deadline !== undefined && { nextAttemptAt: deadline + wallOffset };
      // Who is offline or closed knows why.
      return { at: "offline", attempt, since, cause: cause as LossCause, ...next, ...place };
    }
    case "closed":
      return { at: "closed", ...(machine.closed as NonNullable<Machine["closed"]>) };
  }
}

/** Whether an application would see a difference. Wall times move a little with each reading of two clocks. */
export function isSameState(a: ConnectionState, b: ConnectionState): boolean {
  return JSON.stringify(a, rounded) === JSON.stringify(b, rounded);
}

function rounded(name: string, value: unknown): unknown {
  return typeof value === "number" && /^since|At$/.test(name) ? Math.round(value / 20) : value;
}
