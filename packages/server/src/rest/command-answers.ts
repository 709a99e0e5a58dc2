import type { FastifyRequest } from "fastify";
import type { NewId } from "../ids.ts";
import type { CommandContext, CommandOutcome } from "../realtime/command-handler.ts";
import { identityOf } from "./identity-hook.ts";
import { ProblemError } from "./problem.ts";

/** Who asks for a command by REST ([R6]). */
export function contextOf(request: FastifyRequest, newId: NewId): CommandContext {
  return { identity: identityOf(request), via: "command", commandId: newId() };
}

const statusOfCode: Readonly<Record<string, number>> = {
  UNAUTHORIZED: 403,
  INVALID_PARAMS: 400,
  INVALID_CALL_ID: 400,
  CALL_NOT_FOUND: 404,
  PARKING_SLOT_NOT_FOUND: 404,
  EXTENSION_NOT_FOUND: 404,
  CONFERENCE_NOT_FOUND: 404,
  RATE_LIMIT_EXCEEDED: 429,
  ENGINE_UNAVAILABLE: 503,
  INTERNAL_ERROR: 500,
};

/** A refusal as a problem; what is not possible now is 422 ([R1]). */
export function resultOf<Result>(outcome: CommandOutcome<Result>): Result {
  if (outcome.ok) return outcome.data;
  const { code, message } = outcome.error;
  throw new ProblemError(statusOfCode[code] ?? 422, `${code}: ${message}`);
}
