import { z } from "zod";
import { commonFields, id, name, text } from "../core/fields.ts";
import { defineEvent } from "../core/message.ts";
import { sample } from "../core/sample.ts";
import { alertCategories, alertSeverities, trunkReasons, trunkStatuses } from "../runtime/values.ts";

export const systemAlert = defineEvent({
  type: "SYSTEM_ALERT",
  source: "§3.8, V3",
  when: "A measured value is over its threshold, a part failed, or it is over (`info`).",
  data: z.object({
    severity: z.enum(alertSeverities),
    category: z.enum(alertCategories),
    message: text,
    trunkId: id.exactOptional(),
    metrics: z.record(z.string().max(64), z.number()).exactOptional(),
    /** Same for the beginning and the end of one trouble. */
    alertId: id.exactOptional(),
    isOver: z.boolean().exactOptional(),
    ...commonFields,
  }),
  example: {
    severity: "warning",
    category: "trunk",
    message: "Trunk 'Telekom SIP-Trunk' is experiencing high packet loss (15%)",
    trunkId: sample.trunkId,
    metrics: { packetLoss: 15.2, jitter: 45 },
  },
});

export const trunkStatusChanged = defineEvent({
  type: "TRUNK_STATUS_CHANGED",
  source: "§3.8, V4",
  when: "A trunk came up, went down or works badly; also when one is made, renamed, switched or deleted.",
  data: z.object({
    trunkId: id,
    trunkName: name,
    oldStatus: z.enum(trunkStatuses),
    newStatus: z.enum(trunkStatuses),
    reason: z.enum(trunkReasons).exactOptional(),
    errorMessage: text.exactOptional(),
    /** The trunk is gone. */
    deleted: z.boolean().exactOptional(),
    ...commonFields,
  }),
  example: {
    trunkId: sample.trunkId,
    trunkName: "Telekom SIP-Trunk",
    oldStatus: "active",
    newStatus: "inactive",
    reason: "registration_failed",
    errorMessage: "Authentication failed",
  },
});
