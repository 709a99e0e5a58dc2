import type { Party } from "../calls/call.ts";

/** A message as it is kept. A mailbox has the id of its extension. */
export interface VoiceMessage {
  readonly id: string;
  readonly boxId: string;
  readonly status: "recording" | "complete";
  readonly isRead: boolean;
  readonly callId: string;
  readonly caller: Pick<Party, "number" | "name" | "extensionId">;
  readonly isUrgent: boolean;
  readonly receivedAtMs: number;
  readonly durationMs: number;
  readonly bytes: number;
  readonly blobKey: string;
}

/** Messages of a mailbox that can be heard. */
export interface MailboxCounts {
  readonly unreadCount: number;
  readonly totalCount: number;
  readonly urgentUnreadCount: number;
  /** Read ones too. */
  readonly urgentCount: number;
}

export const noMessages: MailboxCounts = { unreadCount: 0, totalCount: 0, urgentUnreadCount: 0, urgentCount: 0 };

/** Folders by day, so that none gets too large. */
export function messageBlobKey(id: string, receivedAtMs: number): string {
  const day = new Date(receivedAtMs).toISOString().slice(0, 10).replaceAll("-", "/");
  return `voicemail/${day}/${id}.wav`;
}
