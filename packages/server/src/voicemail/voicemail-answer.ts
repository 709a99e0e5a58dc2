import { z } from "zod";
import { time } from "../rest/answers.ts";
import type { Greeting } from "./greeting-book.ts";
import type { VoiceMessage } from "./voice-message.ts";

/** A message as REST shows it ([R8]). */
export const messageAnswer = z
  .object({
    id: z.string(),
    voicemailBoxId: z.string(),
    callId: z.string(),
    caller: z.object({
      number: z.string(),
      name: z.string().exactOptional(),
      extensionId: z.string().exactOptional(),
    }),
    receivedAt: time,
    durationSeconds: z.number(),
    fileSizeBytes: z.int(),
    isUrgent: z.boolean(),
    isRead: z.boolean(),
  })
  .meta({ id: "VoiceMessage" });

/** A greeting of one's own ([V35]). */
export const greetingAnswer = z
  .object({ durationSeconds: z.number(), fileSizeBytes: z.int(), createdAt: time })
  .meta({ id: "VoicemailGreeting" });

/** A mailbox ([R8]); it has the id of its extension. */
export const mailboxAnswer = z
  .object({
    id: z.string(),
    extensionNumber: z.string(),
    displayName: z.string(),
    isEnabled: z.boolean().describe("Whether calls that nobody takes go there."),
    unreadCount: z.int(),
    totalCount: z.int(),
    greeting: greetingAnswer.exactOptional().describe("What callers hear; else the general one."),
  })
  .meta({ id: "VoicemailBox" });

export function showGreeting({ durationMs, bytes, createdAtMs }: Greeting): z.infer<typeof greetingAnswer> {
  return {
    durationSeconds: durationMs / 1000,
    fileSizeBytes: bytes,
    createdAt: new Date(createdAtMs).toISOString(),
  };
}

export function showMessage(message: VoiceMessage): z.infer<typeof messageAnswer> {
  const { id, boxId, callId, caller, receivedAtMs, durationMs, bytes, isUrgent, isRead } = message;
  return {
    id,
    voicemailBoxId: boxId,
    callId,
    caller,
    receivedAt: new Date(receivedAtMs).toISOString(),
    durationSeconds: durationMs / 1000,
    fileSizeBytes: bytes,
    isUrgent,
    isRead,
  };
}
