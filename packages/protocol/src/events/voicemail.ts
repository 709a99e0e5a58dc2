import { z } from "zod";
import { commonFields, count, id, number, party, seconds, userRef, uuid } from "../core/fields.ts";
import { defineEvent } from "../core/message.ts";
import { sample } from "../core/sample.ts";

/** Messages of the mailbox after the event, for a counter that cannot drift. */
const counts = { unreadCount: count.exactOptional(), totalCount: count.exactOptional() };
const message = { voicemailBoxId: id, messageId: id, ...counts, ...commonFields };
const first = { voicemailBoxId: sample.voicemailBoxId, messageId: sample.messageId };

export const voicemailReceived = defineEvent({
  type: "VOICEMAIL_RECEIVED",
  source: "§3.6, V1",
  when: "A caller left a message.",
  data: z.object({
    ...message,
    extensionNumber: number,
    caller: party,
    durationSeconds: seconds,
    isUrgent: z.boolean(),
    callId: uuid.exactOptional(),
  }),
  example: {
    ...first,
    extensionNumber: "200",
    caller: sample.max,
    durationSeconds: 45,
    isUrgent: false,
    unreadCount: 1,
    totalCount: 4,
  },
});

export const voicemailRead = defineEvent({
  type: "VOICEMAIL_READ",
  source: "§3.6, V1",
  when: "A message was marked as read, or as unread (`isRead: false`).",
  data: z.object({
    ...message,
    readBy: userRef,
    extensionNumber: number.exactOptional(),
    isRead: z.boolean().exactOptional(),
  }),
  example: { ...first, readBy: sample.annaUser, extensionNumber: "200", isRead: true, unreadCount: 0, totalCount: 4 },
});

export const voicemailDeleted = defineEvent({
  type: "VOICEMAIL_DELETED",
  source: "§3.6, V1",
  when: "A message was deleted.",
  data: z.object({ ...message, deletedBy: userRef, extensionNumber: number.exactOptional() }),
  example: { ...first, deletedBy: sample.annaUser, extensionNumber: "200", unreadCount: 0, totalCount: 3 },
});
