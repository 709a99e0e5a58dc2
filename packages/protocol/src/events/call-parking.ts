import { z } from "zod";
import { callFields, extensionRef, instant, party, word } from "../core/fields.ts";
import { defineEvent } from "../core/message.ts";
import { sample } from "../core/sample.ts";

export const callParked = defineEvent({
  type: "CALL_PARKED",
  source: "§3.1, C40",
  when: "A call was put into a parking slot.",
  data: z.object({
    ...callFields,
    parkingSlot: word,
    parkedBy: extensionRef,
    expiresAt: instant,
    /** Who waits in the slot. */
    parkedParty: party.exactOptional(),
  }),
  example: {
    callId: sample.callId,
    parkingSlot: "701",
    parkedBy: sample.byAnna,
    expiresAt: "2025-11-12T10:39:00.000Z",
    state: "parked",
    version: 6,
    threadId: sample.callId,
    parkedParty: sample.max,
    causedBy: { via: "command", userId: sample.userId, commandId: "req-007" },
  },
});

/** The specification's heading has a typing error; this is the type ([W7]). */
export const callUnparked = defineEvent({
  type: "CALL_UNPARKED",
  source: "§3.1, C40, C41, W7",
  when: "A parked call was picked up, or its time in the slot is over.",
  data: z.object({
    ...callFields,
    parkingSlot: word,
    /** Absent when the time was over. */
    pickedUpBy: extensionRef.exactOptional(),
    reason: z.enum(["picked_up", "timeout"]).exactOptional(),
  }),
  example: {
    callId: sample.callId,
    parkingSlot: "701",
    pickedUpBy: { extensionId: sample.extensionId201, number: "201" },
    state: "answered",
    version: 7,
    threadId: sample.callId,
    reason: "picked_up",
    causedBy: { via: "phone" },
  },
});
