import {
  callActions,
  callDirections,
  callStates,
  eventTypes,
  hangupCauses,
  hangupParties,
  snapshotTables,
} from "@pbx-x/protocol";
import { z } from "zod";
import { time } from "./answers.ts";

const party = z
  .object({ number: z.string(), name: z.string().exactOptional(), extensionId: z.string().exactOptional() })
  .meta({ id: "Party" });

const leg = z
  .looseObject({
    legId: z.string(),
    side: z.enum(["caller", "callee", "monitor"]),
    state: z.enum(["dialling", "ringing", "answered", "held"]),
  })
  .meta({ id: "Leg" });

const allowance = z.union([
  z.object({ ok: z.literal(true) }),
  z.object({ ok: z.literal(false), code: z.string(), reason: z.string() }),
]);

/** An active call, or one that has just ended ([R6]): the entity of the socket's snapshot. */
export const callAnswer = z
  .looseObject({
    callId: z.uuid(),
    threadId: z.string(),
    version: z.int(),
    seq: z.int(),
    state: z.enum(callStates),
    direction: z.enum(callDirections).exactOptional(),
    caller: party.exactOptional(),
    callee: party.exactOptional(),
    trunk: z.object({ id: z.string(), name: z.string() }).exactOptional(),
    startedAt: time.exactOptional(),
    answeredAt: time.exactOptional(),
    mergedInto: z.uuid().exactOptional().describe("The call that went on instead of this one."),
    legs: z.array(leg).readonly(),
    participants: z.array(party).readonly(),
    allowedActions: z
      .partialRecord(z.enum(callActions), allowance)
      .describe("What the asking user may do with the call now, and why not where not."),
  })
  .meta({ id: "Call" });

/** A past call. */
export const callRecordAnswer = z
  .looseObject({
    callId: z.uuid(),
    threadId: z.string(),
    state: z.literal("ended"),
    direction: z.enum(callDirections),
    caller: party,
    callee: party,
    trunk: z.object({ id: z.string(), name: z.string() }).exactOptional().describe("The trunk that it used."),
    startedAt: time,
    answeredAt: time.exactOptional(),
    endedAt: time,
    durationSeconds: z.number(),
    hangupCause: z.enum(hangupCauses),
    hangupBy: z.enum(hangupParties),
    reason: z.string().exactOptional(),
    mergedInto: z.uuid().exactOptional().describe("The call that went on instead of this one."),
    phases: z.record(z.string(), z.number()).exactOptional().describe("Milliseconds of each part of the call."),
  })
  .meta({ id: "CallRecord" });

/** An event as on the socket; the AsyncAPI document has the `data` of each type. */
export const eventAnswer = z
  .object({
    eventId: z.string(),
    seq: z.int(),
    type: z.enum(eventTypes as [string, ...string[]]),
    timestamp: time,
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "Event" });

export const eventsAnswer = z.object({
  epoch: z.string(),
  events: z.array(eventAnswer).readonly(),
  nextAfter: z.int().describe("Ask for what comes after this position next."),
  complete: z.boolean().describe("Whether nothing more is there now."),
});

const entities = z.array(z.record(z.string(), z.unknown())).readonly();

/** The state as of a position ([R5]): the entities of the socket's snapshot. */
export const snapshotAnswer = z
  .object({
    epoch: z.string(),
    seq: z.int(),
    scope: z.array(z.string()).readonly(),
    tables: z.object(Object.fromEntries(snapshotTables.map((name) => [name, entities]))),
  })
  .meta({ id: "Snapshot" });
