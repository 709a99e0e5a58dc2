export type EventLogErrorCode =
  /** More events wait for the disk than the log may keep in memory. */
  | "LOG_FULL"
  /** The log was closed, or its thread ended, before the events were durable. */
  | "LOG_CLOSED"
  | "LOG_READ_FAILED"
  | "LOG_OPEN_FAILED";

export class EventLogError extends Error {
  readonly code: EventLogErrorCode;

  constructor(code: EventLogErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "EventLogError";
    this.code = code;
  }
}
