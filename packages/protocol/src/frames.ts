import { z } from "zod";
import { commands } from "./commands/index.ts";
import { id, instant, seq, uuid } from "./core/fields.ts";
import { events } from "./events/index.ts";
import { errorCodes } from "./runtime/error-codes.ts";
import { wireLimits } from "./runtime/limits.ts";
import type { EventType } from "./runtime/event-table.ts";
import type { CommandFrame, CommandName, EventOf } from "./runtime/types.ts";

/** Fields around an event's `data` ([W1]). */
const envelope = {
  timestamp: instant,
  eventId: uuid.exactOptional(),
  seq: seq.exactOptional(),
  conflated: z.int().positive().exactOptional(),
  redacted: z.array(z.string()).exactOptional(),
};

/** Schema of a whole event, envelope and data ([W1]). Open: unknown fields are let through and left out of the result. */
export function eventSchema<T extends EventType>(type: T): z.ZodType<EventOf<T>> {
  const schema =
    type === "PONG"
      ? z.object({
          type: z.literal(type),
          ...envelope,
          id: z.string().exactOptional(),
          data: events.PONG.data.exactOptional(),
        })
      : z.object({ type: z.literal(type), ...envelope, data: events[type].data });
  // The schema is made from the definition that EventOf is derived from; TypeScript cannot follow the lookup.
  return schema as unknown as z.ZodType<EventOf<T>>;
}

/** An answer that refuses ([W6]). */
export const refusalSchema = z.object({
  id: z.string().nullable(),
  success: z.literal(false),
  error: z.object({
    code: z.enum(errorCodes),
    message: z.string(),
    details: z.record(z.string(), z.unknown()).exactOptional(),
    retryAfterSeconds: z.number().nonnegative().exactOptional(),
  }),
});

/** An answer that says yes to a command ([W3]). */
export function successSchema<C extends CommandName>(name: C): z.ZodObject {
  return z.object({ id: z.string(), success: z.literal(true), data: commands[name].result, seq: seq.exactOptional() });
}

/** What can go wrong while a frame is read ([W5], [W6]). */
export type FrameErrorCode = "INVALID_PARAMS" | "INVALID_CALL_ID" | "UNKNOWN_COMMAND";

export interface FieldError {
  /** Path from the frame, e.g. `params.callId`. */
  readonly field: string;
  readonly message: string;
}

export type CommandParsing =
  | { readonly ok: true; readonly command: CommandFrame }
  | {
      readonly ok: false;
      /** The frame's id, if one could be read. */
      readonly id: string | null;
      readonly code: FrameErrorCode;
      readonly message: string;
      readonly details: { readonly errors: readonly FieldError[] };
    };

/**
 * Reads a client's frame ([W3], [W5]). Never throws. Unknown fields are left out.
 * A `callId` or `consultCallId` that is not a UUID is `INVALID_CALL_ID`, other wrong values are `INVALID_PARAMS`.
 */
export function parseCommandFrame(json: string): CommandParsing {
  let frame: unknown;
  try {
    frame = JSON.parse(json);
  } catch {
    return refuse(null, "INVALID_PARAMS", "The frame is not JSON.", [{ field: "", message: "not JSON" }]);
  }
  if (typeof frame !== "object" || frame === null || Array.isArray(frame)) {
    return refuse(null, "INVALID_PARAMS", "The frame is not an object.", [{ field: "", message: "not an object" }]);
  }
  return parseCommandObject({ ...frame });
}

/** The same for a frame that is already an object, e.g. from a Socket.IO client ([W18]). */
export function parseCommandObject(frame: Readonly<Record<string, unknown>>): CommandParsing {
  const { id: givenId, command: name, params = {} } = frame;
  const readId = id.max(wireLimits.maximumIdLength).safeParse(givenId);
  const frameId = readId.success ? readId.data : null;
  if (typeof name !== "string") {
    return refuse(frameId, "INVALID_PARAMS", "`command` is missing.", [
      { field: "command", message: "expected a text" },
    ]);
  }
  if (!isCommandName(name)) {
    return refuse(frameId, "UNKNOWN_COMMAND", `There is no command "${name.slice(0, 64)}".`, [
      { field: "command", message: "unknown" },
    ]);
  }
  const needsId = name !== "ping" || givenId !== undefined;
  if (needsId && frameId === null) {
    const message = `expected a text of 1 to ${wireLimits.maximumIdLength} characters`;
    return refuse(null, "INVALID_PARAMS", "`id` is missing or not usable.", [{ field: "id", message }]);
  }
  const parsed = commands[name].params.safeParse(params);
  if (!parsed.success) return refuseIssues(frameId, parsed.error.issues);
  // `params` was just parsed by the schema of this very command.
  const command = {
    ...(frameId !== null && { id: frameId }),
    command: name,
    params: parsed.data,
  } as unknown as CommandFrame;
  return { ok: true, command };
}

export function isCommandName(text: string): text is CommandName {
  return Object.hasOwn(commands, text);
}

const callIdFields: ReadonlySet<unknown> = new Set(["callId", "consultCallId"]);

function refuseIssues(frameId: string | null, issues: readonly z.core.$ZodIssue[]): CommandParsing {
  const errors = issues.map((issue) => ({
    field: ["params", ...issue.path].map(String).join("."),
    message: issue.message,
  }));
  const badId = issues.find((issue) => issue.code === "invalid_format" && callIdFields.has(issue.path[0]));
  const isOnlyIds = badId !== undefined && issues.every((issue) => callIdFields.has(issue.path[0]));
  if (isOnlyIds) return refuse(frameId, "INVALID_CALL_ID", "The call's id is not a UUID.", errors);
  const fields = [...new Set(errors.map(({ field }) => field))].slice(0, 5).join(", ");
  return refuse(frameId, "INVALID_PARAMS", `These parameters are wrong: ${fields}.`, errors);
}

function refuse(
  frameId: string | null,
  code: FrameErrorCode,
  message: string,
  errors: readonly FieldError[],
): CommandParsing {
  return { ok: false, id: frameId, code, message, details: { errors } };
}
