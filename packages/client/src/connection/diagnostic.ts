/** What happened inside, for a support log: names and numbers only, never a token or a payload ([S43], [M8]). */
export interface Diagnostic {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly what:
    | "state"
    | "attempt"
    | "opened"
    | "ended"
    | "token"
    | "probe"
    | "catch_up"
    | "hole"
    | "malformed"
    | "websocket_blocked"
    | "share";
  readonly detail: string;
}
