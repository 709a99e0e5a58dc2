import type { ClosedReason } from "./connection-state.ts";

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
      readonly fault?: "protocol" | "slow" | "token";
    };

/** Which end means what: the table of the rules, `DISCONNECTED.reconnect` first. */
export function judgeEnd({ code, reconnect, retryAfterSeconds }: SocketEnd): EndVerdict {
  if (code === 4002) {
    return { do: "close", reason: "fenced", message: "The same client was opened elsewhere; this one ended." };
  }
  if (reconnect === false) {
    return code === 4001
      ? { do: "close", reason: "auth", message: "The server ended the log-in; log in again." }
      : { do: "close", reason: "refused", message: `The server does not want this client back (code ${code}).` };
  }
  const after = retryAfterSeconds === undefined ? {} : { afterSeconds: retryAfterSeconds };
  switch (code) {
    case 1002:
    case 1003:
    case 1007:
      return { do: "retry", fault: "protocol", ...after };
    case 1012:
      return retryAfterSeconds === undefined ? { do: "retry", withinMs: 5000 } : { do: "retry", ...after };
    case 4000:
      return { do: "retry", withinMs: 1000 };
    case 4001:
      return { do: "retry", fault: "token", withinMs: 0 };
    case 4008:
      return { do: "retry", fault: "slow", afterSeconds: retryAfterSeconds ?? 5 };
    default:
      return { do: "retry", ...after };
  }
}
