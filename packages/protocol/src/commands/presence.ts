import { z } from "zod";
import { id, number, text } from "../core/fields.ts";
import { defineCommand } from "../core/message.ts";
import { sample } from "../core/sample.ts";
import { wireLimits } from "../runtime/limits.ts";
import { presenceStatuses } from "../runtime/values.ts";

const { extensionId, extensionId201 } = sample;
const status = z.enum(presenceStatuses);
const extensionIds = z.array(id).min(1).max(wireLimits.maximumPresenceSubscriptions);

export const setPresence = defineCommand({
  name: "setPresence",
  source: "§4.3, P4",
  when: "Sets the user's own presence; `null` lets it follow from calls, phones and sessions again.",
  permission: "presence.set.own",
  errors: ["EXTENSION_NOT_FOUND"],
  isIdempotent: true,
  params: z.object({ status: status.nullable(), statusMessage: text.exactOptional() }),
  result: z.object({
    presenceStatus: status,
    statusMessage: text.exactOptional(),
    isManual: z.boolean().exactOptional(),
  }),
  example: {
    params: { status: "busy", statusMessage: "In a meeting" },
    result: { presenceStatus: "busy", statusMessage: "In a meeting", isManual: true },
  },
});

export const subscribePresence = defineCommand({
  name: "subscribePresence",
  source: "§4.3, W27",
  when: "Sends `PRESENCE_UPDATED` of these extensions from now on, and answers their presence.",
  permission: "presence.view",
  errors: ["EXTENSION_NOT_FOUND"],
  isIdempotent: true,
  params: z.object({ extensionIds }),
  result: z.object({
    subscriptions: z.array(
      z.object({
        extensionId: id,
        number,
        presenceStatus: status,
        statusMessage: text.exactOptional(),
        isManual: z.boolean().exactOptional(),
        userId: id.exactOptional(),
      }),
    ),
  }),
  example: {
    params: { extensionIds: [extensionId, extensionId201, sample.extensionId202] },
    result: { subscriptions: [{ extensionId, number: "200", presenceStatus: "available" }] },
  },
});

export const unsubscribePresence = defineCommand({
  name: "unsubscribePresence",
  source: "W27, W43",
  when: "Undoes `subscribePresence`.",
  permission: "presence.view",
  errors: [],
  isIdempotent: true,
  params: z.object({ extensionIds }),
  result: z.object({ extensionIds: z.array(id) }),
  example: { params: { extensionIds: [extensionId] }, result: { extensionIds: [extensionId] } },
});
