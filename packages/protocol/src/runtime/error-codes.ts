/** The closed list of codes that a command can be answered with ([W6]). */
export const errorCodes = [
  "UNAUTHORIZED",
  "INVALID_PARAMS",
  "INVALID_CALL_ID",
  "CALL_NOT_FOUND",
  "EXTENSION_NOT_FOUND",
  "QUEUE_NOT_FOUND",
  "ALREADY_IN_CALL",
  "EXTENSION_OFFLINE",
  "RATE_LIMIT_EXCEEDED",
  "UNKNOWN_COMMAND",
  "INVALID_STATE",
  "PARKING_SLOT_NOT_FOUND",
  "PARKING_FULL",
  "RECORDING_NOT_FOUND",
  "CONFERENCE_NOT_FOUND",
  "AGENT_NOT_LOGGED_IN",
  "NUMBER_NOT_REACHABLE",
  "ENGINE_UNAVAILABLE",
  "INTERNAL_ERROR",
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** Codes that any command can be answered with; a command's definition lists only the others. */
export const commonErrorCodes = [
  "UNAUTHORIZED",
  "INVALID_PARAMS",
  "RATE_LIMIT_EXCEEDED",
  "UNKNOWN_COMMAND",
  "INTERNAL_ERROR",
] as const satisfies readonly ErrorCode[];
