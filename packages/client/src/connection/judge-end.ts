import type { ClosedReason } from "./connection-state.ts";
import type { Fault } from "./machine.ts";

/** How a socket ended, with what the server said before ([W17]). */
export interface SocketEnd {
  readonly code: number;
  /** `DISCONNECTED.reason`. */
  readonly reason?: string;
  readonly reconnect?: boolean;
  readonly retryAfterSeconds?: number;
}

export type EndVerdict =
  | { readonly do: "close"; readonly reason: ClosedReason; readonly message: string }
  | {
      readonly do: "retry";
      /** A fixed window for the wait instead of the back-off. */
      readonly withinMs?: number;
      readonly afterSeconds?: number;
      /** Counted; too many close the client. */
      readonly fault?: Fault;
    };

/** Which end means what: the table of the rules, `DISCONNECTED.reconnect` first. */
export function judgeEnd({ code, reconnect, retryAfterSeconds }: SocketEnd): EndVerdict {
  if (code === 4002) {
    return { do: "close", reason: "fenced", message: "The same client was opened elsewhere." };
  }
  if (reconnect === false) {
    return code === 4001
      ? { do: "close", reason: "auth", message: "The server ended the log-in; log in again." }
      : { do: "close", reason: "refused", message: `The server refuses this client (code ${code}).` };
  }
  return {
    do: "retry",
    ...retries[code],
    ...(retryAfterSeconds !== undefined && { afterSeconds: retryAfterSeconds }),
  };
}

const protocol = { fault: "protocol" } as const;
const retries: Readonly<Record<number, Omit<Extract<EndVerdict, { do: "retry" }>, "do">>> = {
  1002: protocol,
  1003: protocol,
  1007: protocol,
  1012: { withinMs: 5000 },
  4000: { withinMs: 1000 },
  4001: { fault: "token", withinMs: 0 },
  4008: { fault: "slow", afterSeconds: 5 },
};

/** As in the contract's table, without its words ([W17]). */
const closeCodes: ReadonlyMap<string | undefined, number> = new Map([
  ["session_timeout", 4000],
  ["auth_revoked", 4001],
  ["server_shutdown", 1012],
  ["duplicate_connection", 4002],
  ["slow_consumer", 4008],
]);

/** The close that belongs to a reason; of one that this version does not know, that of a lost connection. */
export function closeCodeOf(reason: string | undefined): number {
  return closeCodes.get(reason) ?? 1006;
}
