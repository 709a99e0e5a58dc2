import type { CommandError, CommandId, CommandName, ErrorCode, ErrorCodeOf } from "@pbx-x/protocol/runtime";

/** Codes that the client itself gives ([K5]). */
export const clientErrorCodes = [
  "OFFLINE",
  "TIMED_OUT",
  "CONNECTION_LOST",
  "ABORTED",
  "SUPERSEDED",
  "BUSY",
  "TOO_LARGE",
  "CLOSED",
] as const;
export type ClientErrorCode = (typeof clientErrorCodes)[number];

/** `refused`: the server said no. `not_executed`: never sent. `unknown`: sent, and no answer came. */
export type FailureOutcome = "refused" | "not_executed" | "unknown";

/** Every failure of a command ([K5]). */
export class PbxError<Code extends ErrorCode | ClientErrorCode = ErrorCode | ClientErrorCode> extends Error {
  override readonly name = "PbxError";
  readonly code: Code;
  readonly outcome: FailureOutcome;
  readonly commandId: CommandId;
  readonly retryAfterSeconds: number | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(
    code: Code,
    outcome: FailureOutcome,
    commandId: CommandId,
    message: string,
    more: Pick<CommandError, "details" | "retryAfterSeconds"> = {},
  ) {
    super(message);
    this.code = code;
    this.outcome = outcome;
    this.commandId = commandId;
    this.retryAfterSeconds = more.retryAfterSeconds;
    this.details = more.details;
  }
}

/** Narrows to one code. */
export function isPbxError<Code extends ErrorCode | ClientErrorCode>(
  error: unknown,
  code?: Code,
): error is PbxError<Code> {
  return error instanceof PbxError && (code === undefined || error.code === code);
}

/** The codes that a caller of this command has to expect. */
export type FailureCodeOf<C extends CommandName> = ErrorCodeOf<C> | ClientErrorCode;
