export interface EventLogLimits {
  /** Shortest time between two groups, milliseconds: under load the first event of a group waits so long for others. */
  readonly collectMs: number;
  /** Most events of one transaction. */
  readonly maxBatch: number;
  /** Most events that may wait for the disk; more are refused. */
  readonly maxQueued: number;
  /** Most events that one `read` gives. */
  readonly maxRead: number;
  /** Events older than this are removed, milliseconds ([R4]). */
  readonly keepMs: number;
  /** Most events kept ([R4]). */
  readonly keepEvents: number;
  /** How often the above two are enforced, milliseconds. */
  readonly purgeEveryMs: number;
  /** How often the write-ahead log is folded into the file, milliseconds. */
  readonly checkpointEveryMs: number;
  /** Wait before a failed write is tried again, milliseconds. */
  readonly retryMs: number;
}

export const defaultEventLogLimits: EventLogLimits = {
  collectMs: 2,
  maxBatch: 512,
  maxQueued: 100_000,
  maxRead: 1000,
  keepMs: 7 * 24 * 3600_000,
  keepEvents: 10_000_000,
  purgeEveryMs: 60_000,
  checkpointEveryMs: 5000,
  retryMs: 250,
};
