import type { Identity } from "../auth/identity.ts";
import type { LoggedEvent } from "../event-log/event-log.ts";
import type { Connection } from "./connection.ts";
import type { TokenBucket } from "./token-bucket.ts";

/** What a session is doing; each member has only what is valid in it. */
export type SessionState =
  /** Connected, live events flow. */
  | { readonly at: "live"; readonly connection: Connection }
  | Replaying
  /** The connection is lost, the session can be resumed until then ([W28]). */
  | { readonly at: "detached"; readonly untilMs: number }
  | { readonly at: "ended" };

/** Missed events are being read; live ones wait. Each replay is an object of its own, so that a late one is known. */
export interface Replaying {
  readonly at: "replaying";
  readonly connection: Connection;
  readonly held: LoggedEvent[];
}

/** One client session: survives its connection for a while, with its subscriptions. */
export interface Session {
  readonly id: string;
  readonly clientId: string | undefined;
  identity: Identity;
  state: SessionState;
  /** Channels as the index knows them, with the names that the client used. */
  readonly channels: Map<string, string>;
  /** Extensions whose presence is told ([W27]). */
  readonly presence: Set<string>;
  /** Highest logged position that was sent, or that the session is known to need no earlier than. */
  servedSeq: number;
  /** Whether a logged event was ever sent. */
  hasReceived: boolean;
  readonly commands: TokenBucket;
  badFrames: number[];
  hasWarnedOfExpiry: boolean;
  /** Ends with the last command about the session itself: they are carried out one after the other. */
  turn: Promise<void>;
}

export function connectionOf(session: Session): Connection | undefined {
  return session.state.at === "live" || session.state.at === "replaying" ? session.state.connection : undefined;
}

/** Who remembers a command's answer: the user's app instance, else the session ([W4]). */
export function memoryOwner({ id, clientId, identity }: Session): string {
  return clientId === undefined ? `session ${id}` : `${identity.userId} ${clientId}`;
}
