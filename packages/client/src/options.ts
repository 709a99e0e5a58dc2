import type { Channel, Position } from "@pbx-x/protocol/runtime";
import type { Diagnostic } from "./connection/diagnostic.ts";
import type { TokenOption } from "./connection/token-source.ts";
import type { Clock } from "./platform/clock.ts";
import type { WebSocketLike } from "./platform/web-socket.ts";

/** How to connect. All but `url` and `token` have defaults. */
export interface ConnectOptions {
  /** Address of the server, e.g. `https://pbx.example.com`. */
  readonly url: string | URL;
  /** An access token, or who gives one: first, before it expires, and when one was refused. */
  readonly token: TokenOption;
  readonly channels?: readonly Channel[];
  /** Where an earlier process stopped: every event after it is delivered ([D6]). */
  readonly from?: Position;
  /** After a loss: the missed events (default), or only the state with one `gap`. */
  readonly catchUp?: "events" | "state";
  /** Names this instance of the application ([S30]); random by default. */
  readonly clientId?: string;
  readonly backoff?: { readonly maxMs?: number };
  /** Default: what the server says, 30 s. */
  readonly heartbeatMs?: number;
  /** Default 10 s ([K2]). */
  readonly commandTimeoutMs?: number;
  /** Keeps a Node process alive while the client is not closed, also without a connection; default true ([S23]). */
  readonly keepAlive?: boolean;
  readonly webSocket?: WebSocketLike;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly onDiagnostic?: (diagnostic: Diagnostic) => void;
  /** Hints at mistakes of the application ([M6]); default: the console, where `NODE_ENV` is `development`. */
  readonly onWarning?: (message: string) => void;
}
