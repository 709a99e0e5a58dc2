import { z } from "zod";
import { callFields, extensionRef, id, party, uuid } from "../core/fields.ts";
import { defineEvent } from "../core/message.ts";
import { sample } from "../core/sample.ts";
import { transferFailures, transferTypes } from "../runtime/call-values.ts";

export const callTransferred = defineEvent({
  type: "CALL_TRANSFERRED",
  source: "§3.1, C30, C32",
  when: "A party passed the call on; the target's `CALL_RINGING` or `CALL_ANSWERED` follows.",
  data: z.object({
    ...callFields,
    transferType: z.enum(transferTypes),
    transferredBy: extensionRef,
    transferTarget: party,
    transferId: id.exactOptional(),
    originalCaller: party.exactOptional(),
    /** Who is in the call from now on: the served party, and the target. */
    caller: party.exactOptional(),
    callee: party.exactOptional(),
    /** The consultation, which ends now ([C32]). */
    consultCallId: uuid.exactOptional(),
  }),
  example: {
    callId: sample.callId,
    transferType: "blind",
    transferredBy: sample.byAnna,
    transferTarget: sample.lisa,
    state: "transferred",
    version: 6,
    threadId: sample.callId,
    transferId: sample.transferId,
    originalCaller: sample.max,
    caller: sample.max,
    callee: sample.lisa,
    causedBy: { via: "command", userId: sample.userId, commandId: "req-005" },
  },
});

export const callTransferFailed = defineEvent({
  type: "CALL_TRANSFER_FAILED",
  source: "C31",
  when: "The target of a blind transfer could not be reached; the call comes back to the one who transferred it.",
  data: z.object({
    ...callFields,
    transferType: z.enum(transferTypes),
    transferredBy: extensionRef,
    transferTarget: party,
    transferId: id.exactOptional(),
    reason: z.enum(transferFailures),
    sipCode: z.int().min(100).max(699).exactOptional(),
  }),
  example: {
    callId: sample.callId,
    transferType: "blind",
    transferredBy: sample.byAnna,
    transferTarget: sample.lisa,
    reason: "busy",
    sipCode: 486,
    state: "transferred",
    version: 7,
    threadId: sample.callId,
    transferId: sample.transferId,
    causedBy: { via: "phone" },
  },
});
