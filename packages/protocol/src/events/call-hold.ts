import { z } from "zod";
import { callFields, extensionRef } from "../core/fields.ts";
import { defineEvent } from "../core/message.ts";
import { sample } from "../core/sample.ts";

/** Everybody who holds after the event ([C20]). */
const holders = z.array(extensionRef).exactOptional();

export const callHeld = defineEvent({
  type: "CALL_HELD",
  source: "§3.1, C20, C22",
  when: "A party put the call on hold, by command or on the phone; also when one of two has resumed: who still holds.",
  data: z.object({ ...callFields, heldBy: extensionRef, holders }),
  example: {
    callId: sample.callId,
    heldBy: sample.byAnna,
    state: "held",
    version: 4,
    threadId: sample.callId,
    holders: [sample.byAnna],
    causedBy: { via: "command", userId: sample.userId, commandId: "req-003" },
  },
});

export const callUnheld = defineEvent({
  type: "CALL_UNHELD",
  source: "§3.1, C20",
  when: "Nobody holds the call any more.",
  data: z.object({ ...callFields, unheldBy: extensionRef.exactOptional(), holders }),
  example: {
    callId: sample.callId,
    state: "answered",
    version: 5,
    threadId: sample.callId,
    unheldBy: sample.byAnna,
    causedBy: { via: "phone" },
  },
});
