import { z } from "zod";
import { id } from "../core/fields.ts";
import { defineCommand } from "../core/message.ts";
import { sample } from "../core/sample.ts";

const { messageId, voicemailBoxId } = sample;

export const voicemailMarkRead = defineCommand({
  name: "voicemailMarkRead",
  source: "W43, V1",
  when: "Marks a message as read, or as unread.",
  permission: "voicemail.own",
  errors: ["RECORDING_NOT_FOUND"],
  isIdempotent: true,
  params: z.object({ messageId: id, voicemailBoxId: id.exactOptional(), isRead: z.boolean().exactOptional() }),
  result: z.object({ messageId: id, isRead: z.boolean() }),
  example: { params: { messageId, voicemailBoxId }, result: { messageId, isRead: true } },
});

export const voicemailDelete = defineCommand({
  name: "voicemailDelete",
  source: "W43, V1",
  when: "Deletes a message.",
  permission: "voicemail.own",
  errors: ["RECORDING_NOT_FOUND"],
  isIdempotent: false,
  params: z.object({ messageId: id, voicemailBoxId: id.exactOptional() }),
  result: z.object({ messageId: id }),
  example: { params: { messageId, voicemailBoxId }, result: { messageId } },
});
