import type { Audience, LoggedEventType } from "@pbx-x/protocol";

/** An event before it has a place in the log. `data` is the wire event's `data`, `causedBy` included ([W45]). */
export interface NewEvent {
  readonly type: LoggedEventType;
  readonly data: Readonly<Record<string, unknown>>;
  readonly audience: Audience;
  /** Call that it belongs to, for `GET /events?callId=`. */
  readonly callId?: string;
}

/** An event in the log. */
export interface LoggedEvent {
  readonly seq: number;
  readonly eventId: string;
  readonly type: LoggedEventType;
  readonly timestampMs: number;
  readonly audience: Audience;
  readonly callId?: string;
  /** The wire event `{ eventId, seq, type, timestamp, data }` as JSON text: serialised once ([W32]). */
  readonly json: string;
}

export interface AppendReceipt {
  /** Position of the first and last event of this append; known at once, they are consecutive. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** Resolves when the events are durable; rejects when they could not be written. */
  readonly committed: Promise<void>;
}

export interface ReadQuery {
  readonly after: number;
  /** At most so many; the log has its own upper limit. */
  readonly limit: number;
  readonly callId?: string;
}

/** Who carries events to clients is told first; what is only derived from them comes after. */
export type CommitTurn = "first" | "after";

/**
 * The one ordered log. Appends are numbered in the order of the calls, made durable in groups, and then handed to the
 * listeners, whole groups in order. Nothing reaches a listener that a restart would forget.
 */
export interface EventLog {
  /** Name of this log's numbering; another epoch means that positions do not compare. */
  readonly epoch: string;
  /** Last committed position, 0 when empty. */
  head(): number;
  /** Oldest position that `read` still has, `head() + 1` when none. */
  oldest(): number;
  append(events: readonly NewEvent[]): AppendReceipt;
  /** Committed events after a position, in order. */
  read(query: ReadQuery): Promise<readonly LoggedEvent[]>;
  /** @param turn default `after`; within a turn in the order of being added */
  onCommitted(listener: (batch: readonly LoggedEvent[]) => void, turn?: CommitTurn): () => void;
  close(): Promise<void>;
}
