import { z } from "zod";
import { commonFields, id, number, text } from "../core/fields.ts";
import { defineEvent } from "../core/message.ts";
import { sample } from "../core/sample.ts";
import { presenceStatuses } from "../runtime/values.ts";

export const presenceUpdated = defineEvent({
  type: "PRESENCE_UPDATED",
  source: "§3.3",
  when: "A user's presence changed; the event holds the whole of it.",
  data: z.object({
    userId: id.exactOptional(),
    extensionId: id,
    number,
    presenceStatus: z.enum(presenceStatuses),
    statusMessage: text.exactOptional(),
    /** Set by hand; false: it follows from calls, do-not-disturb, phones and sessions ([P1], [P2]). */
    isManual: z.boolean().exactOptional(),
    ...commonFields,
  }),
  example: {
    userId: sample.userId,
    extensionId: sample.extensionId,
    number: "200",
    presenceStatus: "busy",
    statusMessage: "In a call",
    isManual: false,
    causedBy: { via: "system" },
  },
});
