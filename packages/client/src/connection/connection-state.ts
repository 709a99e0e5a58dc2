import type { Position, SessionId } from "@pbx-x/protocol/runtime";

/** Why a client is closed for good ([S31], [S40]). */
export type ClosedReason = "user" | "auth" | "refused" | "forbidden" | "fenced" | "config" | "protocol";

/** Why there is no connection now. */
export interface LossCause {
  readonly kind: "network" | "heartbeat" | "sleep" | "page" | "token" | "timeout" | "server";
  /** WebSocket close code, where one was seen. */
  readonly code?: number;
  readonly message: string;
}

/** Each member has only the fields that are valid in it. Times are milliseconds since 1970. */
export type ConnectionState =
  | { readonly at: "idle" }
  | { readonly at: "connecting"; readonly attempt: number; readonly since: number }
  | { readonly at: "live"; readonly sessionId: SessionId; readonly position?: Position; readonly rttMs?: number }
  | { readonly at: "resuming"; readonly attempt: number; readonly lostAt: number; readonly position?: Position }
  | {
      readonly at: "offline";
      readonly attempt: number;
      readonly since: number;
      /** When the next attempt begins; absent while one is under way. */
      readonly nextAttemptAt?: number;
      readonly cause: LossCause;
      readonly position?: Position;
    }
  | { readonly at: "closed"; readonly reason: ClosedReason; readonly message: string };
