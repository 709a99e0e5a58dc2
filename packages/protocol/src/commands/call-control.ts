import { z } from "zod";
import { callData, dialled, id, text, uuid, word } from "../core/fields.ts";
import { defineCommand } from "../core/message.ts";
import { sample } from "../core/sample.ts";
import { callStates, dtmfDigits } from "../runtime/call-values.ts";
import { wireLimits } from "../runtime/limits.ts";

const { callId } = sample;
/** Names another party's leg; for supervisors and administrators ([W40]). */
export const onCall = { callId: uuid, extensionId: id.exactOptional() };
/** Answer of commands that have none in the specification: the call, and its state afterwards. */
export const callResult = z.object({ callId: uuid, status: z.enum(callStates).exactOptional() });
const callErrors = ["INVALID_CALL_ID", "CALL_NOT_FOUND", "INVALID_STATE", "ENGINE_UNAVAILABLE"] as const;

export const originate = defineCommand({
  name: "originate",
  source: "§4.1, W41",
  when: "Rings the devices of `from`, then dials `to`.",
  permission: "calls.control.own",
  errors: [
    "INVALID_CALL_ID",
    "EXTENSION_NOT_FOUND",
    "EXTENSION_OFFLINE",
    "ALREADY_IN_CALL",
    "NUMBER_NOT_REACHABLE",
    "INVALID_STATE",
    "ENGINE_UNAVAILABLE",
  ],
  isIdempotent: false,
  params: z.object({
    from: dialled,
    to: dialled,
    /** Chosen by the client, it makes a repeat harmless. */
    callId: uuid.exactOptional(),
    /** Asks the devices of `from` to pick up by themselves. */
    autoAnswer: z.boolean().exactOptional(),
    /** Attached to the call from its beginning ([C80]). */
    variables: z.record(z.string().min(1).max(64), text).exactOptional(),
  }),
  result: z.object({ callId: uuid, status: z.enum(callStates) }),
  example: {
    params: { from: "200", to: "+49301234567", autoAnswer: true },
    result: { callId, status: "initiated" },
  },
});

export const answer = defineCommand({
  name: "answer",
  source: "§4.1, W42",
  when: "Makes the ringing device pick up.",
  permission: "calls.control.own",
  errors: callErrors,
  isIdempotent: false,
  params: z.object({ ...onCall }),
  result: z.object({ callId: uuid, status: z.enum(callStates) }),
  example: { params: { callId }, result: { callId, status: "answered" } },
});

export const reject = defineCommand({
  name: "reject",
  source: "W43",
  when: "Refuses a ringing call.",
  permission: "calls.control.own",
  errors: callErrors,
  isIdempotent: false,
  params: z.object({ ...onCall, reason: z.enum(["rejected", "busy"]).exactOptional() }),
  result: callResult,
  example: { params: { callId }, result: { callId } },
});

export const hangup = defineCommand({
  name: "hangup",
  source: "§4.1",
  when: "Ends a call.",
  permission: "calls.control.own",
  errors: callErrors,
  isIdempotent: false,
  params: z.object({ ...onCall }),
  result: callResult,
  example: { params: { callId }, result: { callId } },
});

export const hold = defineCommand({
  name: "hold",
  source: "§4.1, C20",
  when: "Puts a call on hold.",
  permission: "calls.control.own",
  errors: callErrors,
  isIdempotent: false,
  params: z.object({ ...onCall }),
  result: callResult,
  example: { params: { callId }, result: { callId, status: "held" } },
});

export const unhold = defineCommand({
  name: "unhold",
  source: "§4.1, C20, C21",
  when: "Takes a held call back.",
  permission: "calls.control.own",
  errors: callErrors,
  isIdempotent: false,
  params: z.object({ ...onCall }),
  result: callResult,
  example: { params: { callId }, result: { callId, status: "answered" } },
});

export const mute = defineCommand({
  name: "mute",
  source: "W43",
  when: "The other side no longer hears this one (`CALL_MUTED`).",
  permission: "calls.control.own",
  errors: callErrors,
  isIdempotent: true,
  params: z.object({ ...onCall }),
  result: callResult,
  example: { params: { callId }, result: { callId } },
});

export const unmute = defineCommand({
  name: "unmute",
  source: "W43",
  when: "The other side hears this one again (`CALL_UNMUTED`).",
  permission: "calls.control.own",
  errors: callErrors,
  isIdempotent: true,
  params: z.object({ ...onCall }),
  result: callResult,
  example: { params: { callId }, result: { callId } },
});

export const sendDtmf = defineCommand({
  name: "sendDtmf",
  source: "W43",
  when: "Sends keys to the other side.",
  permission: "calls.control.own",
  errors: callErrors,
  isIdempotent: false,
  params: z.object({
    ...onCall,
    digits: z
      .string()
      .min(1)
      .max(wireLimits.maximumNumberLength)
      .refine((digits) => digits.split("").every((digit) => dtmfDigits.some((known) => known === digit)), {
        error: "only 0-9, *, # and A-D",
      }),
  }),
  result: callResult,
  example: { params: { callId, digits: "1234#" }, result: { callId } },
});

export const redirect = defineCommand({
  name: "redirect",
  source: "W43",
  when: "Sends a ringing call elsewhere.",
  permission: "calls.control.own",
  errors: [...callErrors, "NUMBER_NOT_REACHABLE"],
  isIdempotent: false,
  params: z.object({ ...onCall, destination: dialled }),
  result: callResult,
  example: { params: { callId, destination: "201" }, result: { callId, status: "ringing" } },
});

export const monitor = defineCommand({
  name: "monitor",
  source: "W50",
  when: "Lets a supervisor listen to a call, or changes how; rings his phone first if it is not in the call.",
  permission: "calls.monitor",
  errors: [...callErrors, "EXTENSION_OFFLINE"],
  isIdempotent: false,
  params: z.object({ ...onCall, mode: z.enum(["listen", "whisper", "barge"]) }),
  result: z.object({ callId: uuid, monitorId: id, mode: word }),
  example: {
    params: { callId, extensionId: sample.extensionId, mode: "listen" },
    result: { callId, monitorId: sample.monitorId, mode: "listen" },
  },
});

export const monitorStop = defineCommand({
  name: "monitorStop",
  source: "W50",
  when: "Ends listening.",
  permission: "calls.monitor",
  errors: callErrors,
  isIdempotent: true,
  params: z.object({ callId: uuid, monitorId: id.exactOptional() }),
  result: callResult,
  example: { params: { callId }, result: { callId } },
});

export const attachData = defineCommand({
  name: "attachData",
  source: "C80",
  when: "Attaches data to a call: names are added or replaced, `null` takes one away.",
  permission: "calls.control.own",
  errors: callErrors,
  isIdempotent: true,
  params: z.object({ ...onCall, data: callData }),
  result: z.object({ callId: uuid, callData }),
  example: {
    params: { callId, data: { customerId: "K-4711", ticket: { id: 815, priority: "high" }, draft: null } },
    result: { callId, callData: { customerId: "K-4711", ticket: { id: 815, priority: "high" } } },
  },
});
