import { z } from "zod";
import {
  callData,
  callFields,
  extensionRef,
  id,
  party,
  queueVisit,
  seconds,
  trunkRef,
  uuid,
  word,
} from "../core/fields.ts";
import { defineEvent } from "../core/message.ts";
import { sample } from "../core/sample.ts";
import { callDirections, hangupCauses, hangupParties } from "../runtime/call-values.ts";

export const callCreated = defineEvent({
  type: "CALL_CREATED",
  source: "§3.1, C10, C11",
  when: "A call begins: a phone dialled, a trunk delivered it, or `originate` was accepted.",
  data: z.object({
    ...callFields,
    direction: z.enum(callDirections),
    caller: party,
    callee: party,
    trunk: trunkRef.exactOptional(),
    /** The call that this one is a consultation for ([C32]). */
    consultFor: uuid.exactOptional(),
    /** What is attached to the call from its beginning ([C80]). */
    callData: callData.exactOptional(),
  }),
  example: {
    callId: sample.callId,
    direction: "inbound",
    caller: sample.max,
    callee: sample.anna,
    trunk: { id: sample.trunkId, name: "Telekom SIP-Trunk" },
    state: "initiated",
    version: 1,
    threadId: sample.callId,
    causedBy: { via: "phone" },
  },
});

export const callRinging = defineEvent({
  type: "CALL_RINGING",
  source: "§3.1, C10, C15, C31",
  when: "A destination rings; once per destination, not per device.",
  data: z.object({
    ...callFields,
    caller: party,
    callee: party,
    trunk: trunkRef.exactOptional(),
    /** The call came back: a transfer failed, or nobody picked it up where it was parked. */
    recall: z.boolean().exactOptional(),
    forwardedFrom: extensionRef.exactOptional(),
    /** An agent is rung for a call that waits in a queue, or came through one. */
    queue: queueVisit.exactOptional(),
    /** What is attached to the call, for a screen-pop; absent where nothing is ([C80]). */
    callData: callData.exactOptional(),
  }),
  example: {
    callId: sample.callId,
    caller: sample.max,
    callee: sample.anna,
    state: "ringing",
    version: 2,
    threadId: sample.callId,
    causedBy: { via: "phone" },
  },
});

export const callAnswered = defineEvent({
  type: "CALL_ANSWERED",
  source: "§3.1, C10, C32",
  when: "A destination answered; also the target of a transfer.",
  data: z.object({
    ...callFields,
    answeredBy: extensionRef,
    /** Where somebody else took the call than the one who was rung ([C44]). */
    callee: party.exactOptional(),
    /** The queue that the call came through. */
    queue: queueVisit.exactOptional(),
    /** What is attached to the call; absent where nothing is ([C80]). */
    callData: callData.exactOptional(),
    trunk: trunkRef.exactOptional(),
    /** The mailbox of `answeredBy` took it, not a person ([V30]). */
    voicemailBoxId: id.exactOptional(),
    /** The call is in this conference, or at its door ([V2]). */
    conferenceId: id.exactOptional(),
    bindingId: id.exactOptional(),
  }),
  example: {
    callId: sample.callId,
    answeredBy: { ...sample.byAnna, name: "Anna Schmidt" },
    state: "answered",
    version: 3,
    threadId: sample.callId,
    causedBy: { via: "phone" },
  },
});

export const callEnded = defineEvent({
  type: "CALL_ENDED",
  source: "§3.1, C4, C13, C14",
  when: "A call ends; exactly once for every `CALL_CREATED`.",
  data: z.object({
    ...callFields,
    caller: party,
    callee: party,
    hangupCause: z.enum(hangupCauses),
    hangupBy: z.enum(hangupParties),
    /** From the answer; 0 if it was never answered. */
    durationSeconds: seconds,
    /** Seconds of each phase; they add up to the life of the call. */
    phases: z
      .object({
        ringSeconds: seconds,
        queueSeconds: seconds,
        talkSeconds: seconds,
        holdSeconds: seconds,
        parkSeconds: seconds,
      })
      .exactOptional(),
    sipCode: z.int().min(100).max(699).exactOptional(),
    q850Cause: z.int().min(0).max(127).exactOptional(),
    /** More about the cause, e.g. `answered_elsewhere`, `merged`, `park_timeout`, `server_restart`, `queue_full`. */
    reason: word.exactOptional(),
    /** The call that went on instead of this one ([C5], [C32]). */
    mergedInto: uuid.exactOptional(),
    trunk: trunkRef.exactOptional(),
  }),
  example: {
    callId: sample.callId,
    caller: { number: "+49301234567" },
    callee: { number: "200" },
    hangupCause: "normal_clearing",
    hangupBy: "caller",
    durationSeconds: 340,
    state: "ended",
    version: 9,
    threadId: sample.callId,
    phases: { ringSeconds: 5, queueSeconds: 0, talkSeconds: 250, holdSeconds: 30, parkSeconds: 60 },
    sipCode: 200,
    q850Cause: 16,
    causedBy: { via: "phone" },
  },
});
