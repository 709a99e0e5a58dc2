import type { Audience, LoggedEventType } from "@pbx-x/protocol";
import type { NewId } from "../ids.ts";
import * as timing from "../observability/timing.ts";
import type { WriteOutcome } from "../storage/write-outcome.ts";
import { WorkerLink } from "../storage/worker/worker-link.ts";
import { CommitListeners } from "./commit-listeners.ts";
import type { AppendReceipt, CommitTurn, EventLog, LoggedEvent, NewEvent, ReadQuery } from "./event-log.ts";
import { EventLogError } from "./event-log-error.ts";
import { defaultEventLogLimits, type EventLogLimits } from "./event-log-limits.ts";
import type { EventRow, Opened, Purged, ReaderRequest, WriterRequest } from "./sqlite/messages.ts";
import { stampEvent } from "./stamp-event.ts";

export interface SqliteEventLogOptions {
  /** File of the log; made when missing. */
  readonly path: string;
  readonly newId: NewId;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly limits?: Partial<EventLogLimits>;
  /** A write failed and is tried again, a listener threw, or old events could not be removed. */
  readonly onTrouble?: (error: unknown) => void;
  /** Hears of each group that is written, and of each try that fails. */
  readonly onWrite?: (outcome: WriteOutcome) => void;
}

/**
 * The log in a SQLite file: written by one thread in groups, read by another. Rejects with `LOG_OPEN_FAILED`.
 */
export async function createSqliteEventLog(options: SqliteEventLogOptions): Promise<EventLog> {
  const writer = new WorkerLink<WriterRequest>(new URL("./sqlite/writer-worker.ts", import.meta.url));
  const reader = new WorkerLink<ReaderRequest>(new URL("./sqlite/reader-worker.ts", import.meta.url));
  try {
    const opened = await writer.ask<Opened>({ kind: "open", path: options.path, epoch: options.newId() });
    await reader.ask({ kind: "open", path: options.path });
    return new SqliteEventLog(options, opened, writer, reader);
  } catch (cause) {
    await Promise.all([writer.close(), reader.close()]);
    throw new EventLogError("LOG_OPEN_FAILED", `the event log ${options.path} cannot be opened`, { cause });
  }
}

interface Waiting {
  readonly events: readonly LoggedEvent[];
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

class SqliteEventLog implements EventLog {
  readonly epoch: string;
  readonly #options: SqliteEventLogOptions;
  readonly #limits: EventLogLimits;
  readonly #writer: WorkerLink<WriterRequest>;
  readonly #reader: WorkerLink<ReaderRequest>;
  readonly #listeners: CommitListeners;
  readonly #trouble: (error: unknown) => void;
  readonly #timers: readonly NodeJS.Timeout[];
  #waiting: Waiting[] = [];
  #queued = 0;
  #nextSeq: number;
  #head: number;
  #oldest: number;
  #writing: Promise<void> | undefined;
  /** When the last group went to the writing thread, by `performance.now()`. */
  #askedAt = Number.NEGATIVE_INFINITY;
  #isClosed = false;
  #isPurging = false;

  constructor(
    options: SqliteEventLogOptions,
    opened: Opened,
    writer: WorkerLink<WriterRequest>,
    reader: WorkerLink<ReaderRequest>,
  ) {
    this.epoch = opened.epoch;
    this.#options = options;
    this.#limits = { ...defaultEventLogLimits, ...options.limits };
    this.#writer = writer;
    this.#reader = reader;
    this.#trouble = options.onTrouble ?? (() => undefined);
    this.#listeners = new CommitListeners(this.#trouble);
    this.#head = opened.head;
    this.#oldest = opened.oldest;
    this.#nextSeq = opened.head + 1;
    this.#timers = [
      setInterval(() => void this.#checkpoint(), this.#limits.checkpointEveryMs).unref(),
      setInterval(() => void this.#purge(), this.#limits.purgeEveryMs).unref(),
    ];
  }

  head(): number {
    return this.#head;
  }

  oldest(): number {
    return this.#oldest;
  }

  append(added: readonly NewEvent[]): AppendReceipt {
    const firstSeq = this.#nextSeq;
    if (this.#isClosed) return refused(firstSeq, new EventLogError("LOG_CLOSED", "the event log is closed"));
    if (this.#queued + added.length > this.#limits.maxQueued) {
      const message = `the event log cannot write: ${this.#queued} events wait for the disk`;
      return refused(firstSeq, new EventLogError("LOG_FULL", message));
    }
    if (added.length === 0) return { firstSeq, lastSeq: firstSeq - 1, committed: Promise.resolve() };
    const { newId, now } = this.#options;
    const events = added.map((event, index) => stampEvent(event, firstSeq + index, newId(), now()));
    this.#nextSeq += events.length;
    this.#queued += events.length;
    timing.appended.publish(events);
    const committed = new Promise<void>((resolve, reject) => this.#waiting.push({ events, resolve, reject }));
    // Whoever does not look at the receipt shall not bring the process down.
    committed.catch(() => undefined);
    this.#writing ??= this.#writeAll();
    return { firstSeq, lastSeq: this.#nextSeq - 1, committed };
  }

  async read({ after, limit, callId }: ReadQuery): Promise<readonly LoggedEvent[]> {
    const most = Math.max(0, Math.min(limit, this.#limits.maxRead));
    try {
      const rows = await this.#reader.ask<EventRow[]>({ kind: "read", after, limit: most, callId: callId ?? null });
      // Written, but not yet told to the listeners: such an event comes later.
      return rows.filter(([seq]) => seq <= this.#head).map(fromRow);
    } catch (cause) {
      throw new EventLogError("LOG_READ_FAILED", "the event log cannot be read", { cause });
    }
  }

  onCommitted(listener: (batch: readonly LoggedEvent[]) => void, turn?: CommitTurn): () => void {
    return this.#listeners.add(listener, turn);
  }

  /** Writes what waits, then ends both threads. What the disk does not take is rejected with `LOG_CLOSED`. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const timer of this.#timers) clearInterval(timer);
    await this.#writing;
    await this.#reader.ask({ kind: "close" }).catch(this.#trouble);
    await this.#writer.ask({ kind: "close" }).catch(this.#trouble);
    await Promise.all([this.#writer.close(), this.#reader.close()]);
  }

  async #writeAll(): Promise<void> {
    // After a pause the first event goes at once, before all else that its turn still has to do; under load groups are collected.
    const waitMs = this.#limits.collectMs - (performance.now() - this.#askedAt);
    if (waitMs > 0) await this.#pause(waitMs);
    while (this.#waiting.length > 0) {
      const group = this.#takeGroup();
      const events = group.flatMap((waiting) => waiting.events);
      this.#askedAt = performance.now();
      timing.writing.publish(events);
      try {
        await this.#writeUntilDone(events);
      } catch (cause) {
        const error = new EventLogError("LOG_CLOSED", "the event log ended before the events were written", { cause });
        for (const waiting of [...group, ...this.#waiting]) waiting.reject(error);
        this.#waiting = [];
        this.#queued = 0;
        break;
      }
      this.#queued -= events.length;
      this.#head = events.at(-1)?.seq ?? this.#head;
      timing.committed.publish(events);
      this.#listeners.deliver(events);
      for (const waiting of group) waiting.resolve();
    }
    this.#writing = undefined;
  }

  /** Whole appends only: what was appended together is committed together. */
  #takeGroup(): readonly Waiting[] {
    let size = 0;
    const isOver = this.#waiting.findIndex(({ events }) => {
      size += events.length;
      return size > this.#limits.maxBatch;
    });
    return this.#waiting.splice(0, isOver === -1 ? this.#waiting.length : Math.max(1, isOver));
  }

  /** A write that fails (a full disk, a locked file) is tried again: the order leaves no other way. */
  async #writeUntilDone(events: readonly LoggedEvent[]): Promise<void> {
    const rows = events.map(toRow);
    let startedAt = performance.now();
    for (;;) {
      try {
        await this.#writer.ask({ kind: "write", rows });
        break;
      } catch (error) {
        this.#options.onWrite?.({ kind: "failed", error });
        this.#trouble(error);
        if (this.#isClosed || (error instanceof Error && "code" in error && error.code === "WORKER_ENDED")) throw error;
        await this.#pause(this.#limits.retryMs);
        startedAt = performance.now();
      }
    }
    this.#options.onWrite?.({ kind: "written", tookMs: performance.now() - startedAt });
  }

  async #checkpoint(): Promise<void> {
    await this.#reader.ask({ kind: "checkpoint" }).catch(this.#trouble);
  }

  async #purge(): Promise<void> {
    if (this.#isPurging || this.#isClosed) return;
    this.#isPurging = true;
    const { keepMs, keepEvents } = this.#limits;
    try {
      for (let more = true; more && !this.#isClosed; ) {
        const olderThanMs = this.#options.now() - keepMs;
        const purged = await this.#writer.ask<Purged>({ kind: "purge", olderThanMs, keepEvents, chunk: 2000 });
        this.#oldest = purged.oldest;
        more = purged.more;
      }
    } catch (error) {
      this.#trouble(error);
    } finally {
      this.#isPurging = false;
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }
}

function refused(nextSeq: number, error: EventLogError): AppendReceipt {
  const committed = Promise.reject(error);
  committed.catch(() => undefined);
  return { firstSeq: nextSeq, lastSeq: nextSeq - 1, committed };
}

function toRow(event: LoggedEvent): EventRow {
  const { seq, eventId, type, timestampMs, callId, audience, json } = event;
  return [seq, eventId, type, timestampMs, callId ?? null, JSON.stringify(audience), json];
}

function fromRow([seq, eventId, type, timestampMs, callId, audience, json]: EventRow): LoggedEvent {
  return {
    seq,
    eventId,
    // Only this log writes the file, and it takes nothing else.
    type: type as LoggedEventType,
    timestampMs,
    ...(callId !== null && { callId }),
    audience: JSON.parse(audience) as Audience,
    json,
  };
}
