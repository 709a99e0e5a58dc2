import { presenceStatuses } from "@pbx-x/protocol";
import { z } from "zod";

/** An extension's presence as REST shows it ([P4]): the same fields as `PRESENCE_UPDATED`. */
export const presenceAnswer = z
  .object({
    userId: z.string().exactOptional(),
    extensionId: z.string(),
    number: z.string(),
    displayName: z.string(),
    presenceStatus: z.enum(presenceStatuses),
    statusMessage: z.string().exactOptional(),
    isManual: z.boolean().describe("Set by hand; false: it follows from calls, do-not-disturb, phones and sessions."),
  })
  .meta({ id: "Presence" });
