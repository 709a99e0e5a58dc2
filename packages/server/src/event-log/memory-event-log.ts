import type { NewId } from "../ids.ts";
import { CommitListeners } from "./commit-listeners.ts";
import type { EventLog, LoggedEvent } from "./event-log.ts";
import { EventLogError } from "./event-log-error.ts";
import { defaultEventLogLimits, type EventLogLimits } from "./event-log-limits.ts";
import { stampEvent } from "./stamp-event.ts";

export interface MemoryEventLogOptions {
  readonly newId: NewId;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly limits?: Partial<Pick<EventLogLimits, "maxRead" | "keepMs" | "keepEvents">>;
  readonly onListenerError?: (error: unknown) => void;
}

/** A log that forgets all at its end. Commits in the next microtask, so that callers meet the same order as with a disk. */
export function createMemoryEventLog({ newId, now, limits, onListenerError }: MemoryEventLogOptions): EventLog {
  const { maxRead, keepMs, keepEvents } = { ...defaultEventLogLimits, ...limits };
  const listeners = new CommitListeners(onListenerError ?? (() => undefined));
  const epoch = newId();
  let events: readonly LoggedEvent[] = [];
  let nextSeq = 1;
  let head = 0;
  let isClosed = false;
  return {
    epoch,
    head: () => head,
    oldest: () => events[0]?.seq ?? head + 1,
    append: (added) => {
      if (isClosed) {
        const committed = Promise.reject(new EventLogError("LOG_CLOSED", "the event log is closed"));
        committed.catch(() => undefined);
        return { firstSeq: nextSeq, lastSeq: nextSeq - 1, committed };
      }
      const firstSeq = nextSeq;
      const batch = added.map((event, index) => stampEvent(event, firstSeq + index, newId(), now()));
      nextSeq += batch.length;
      const committed = Promise.resolve().then(() => {
        if (batch.length === 0) return;
        head = batch.at(-1)?.seq ?? head;
        const tooOld = now() - keepMs;
        events = [...events, ...batch].slice(-keepEvents).filter((event) => event.timestampMs >= tooOld);
        listeners.deliver(batch);
      });
      return { firstSeq, lastSeq: nextSeq - 1, committed };
    },
    read: async ({ after, limit, callId }) =>
      events
        .filter((event) => event.seq > after && (callId === undefined || event.callId === callId))
        .slice(0, Math.min(limit, maxRead)),
    onCommitted: (listener, turn) => listeners.add(listener, turn),
    close: async () => {
      isClosed = true;
      await Promise.resolve();
    },
  };
}
