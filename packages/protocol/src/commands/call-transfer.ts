import { z } from "zod";
import { dialled, id, instant, uuid, word } from "../core/fields.ts";
import { defineCommand } from "../core/message.ts";
import { sample } from "../core/sample.ts";
import { callStates } from "../runtime/call-values.ts";
import { callResult, onCall } from "./call-control.ts";

const { callId, otherCallId: consultCallId } = sample;
const callErrors = ["INVALID_CALL_ID", "CALL_NOT_FOUND", "INVALID_STATE", "ENGINE_UNAVAILABLE"] as const;
const pair = z.object({ ...onCall, consultCallId: uuid });

export const transferBlind = defineCommand({
  name: "transferBlind",
  source: "§4.1, C30, C31",
  when: "Passes a call on without asking first.",
  permission: "calls.control.own",
  errors: [...callErrors, "NUMBER_NOT_REACHABLE"],
  isIdempotent: false,
  params: z.object({ ...onCall, destination: dialled }),
  result: callResult.extend({ transferId: id.exactOptional() }),
  example: {
    params: { callId, destination: "201" },
    result: { callId, status: "transferred", transferId: sample.transferId },
  },
});

export const transferAttended = defineCommand({
  name: "transferAttended",
  source: "§4.1, C32",
  when: "Joins the held party with the one consulted.",
  permission: "calls.control.own",
  errors: callErrors,
  isIdempotent: false,
  params: pair,
  result: callResult.extend({ transferId: id.exactOptional() }),
  example: { params: { callId, consultCallId }, result: { callId, status: "answered", transferId: sample.transferId } },
});

export const consult = defineCommand({
  name: "consult",
  source: "W43, C32",
  when: "Holds the call and calls somebody else; answers the consultation's own call.",
  permission: "calls.control.own",
  errors: [...callErrors, "ALREADY_IN_CALL", "NUMBER_NOT_REACHABLE"],
  isIdempotent: false,
  params: z.object({ ...onCall, to: dialled }),
  result: z.object({ callId: uuid, status: z.enum(callStates) }),
  example: { params: { callId, to: "201" }, result: { callId: consultCallId, status: "initiated" } },
});

export const cancelTransfer = defineCommand({
  name: "cancelTransfer",
  source: "W43, C33",
  when: "Ends the consultation and takes the held call back.",
  permission: "calls.control.own",
  errors: callErrors,
  isIdempotent: false,
  params: pair,
  result: callResult,
  example: { params: { callId, consultCallId }, result: { callId, status: "answered" } },
});

export const swap = defineCommand({
  name: "swap",
  source: "W48",
  when: "Holds the call that talks and takes back the one that is held, in one step.",
  permission: "calls.control.own",
  errors: callErrors,
  isIdempotent: false,
  params: pair,
  result: callResult,
  example: { params: { callId, consultCallId }, result: { callId, status: "answered" } },
});

export const park = defineCommand({
  name: "park",
  source: "§4.1, C40",
  when: "Puts the other party into a parking slot.",
  permission: "calls.control.own",
  errors: [...callErrors, "PARKING_FULL", "PARKING_SLOT_NOT_FOUND"],
  isIdempotent: false,
  params: z.object({ ...onCall, parkingSlot: word.exactOptional() }),
  result: z.object({ callId: uuid.exactOptional(), parkingSlot: word, expiresAt: instant }),
  example: {
    params: { callId },
    result: { callId, parkingSlot: "701", expiresAt: "2025-11-12T10:40:00.000Z" },
  },
});

export const pickup = defineCommand({
  name: "pickup",
  source: "§4.1, C40, W48",
  when: "Picks up a parked call by its slot, or a call that rings elsewhere by its id.",
  permission: "calls.control.own",
  errors: [...callErrors, "PARKING_SLOT_NOT_FOUND", "EXTENSION_OFFLINE", "ALREADY_IN_CALL"],
  isIdempotent: false,
  params: z
    .object({ parkingSlot: word.exactOptional(), callId: uuid.exactOptional(), extensionId: id.exactOptional() })
    .refine(({ parkingSlot, callId: ringing }) => (parkingSlot === undefined) !== (ringing === undefined), {
      error: "give either parkingSlot or callId",
    }),
  result: callResult,
  example: { params: { parkingSlot: "701" }, result: { callId, status: "answered" } },
});
