import type { AnnouncementLanguage } from "../announcements/announcement-texts.ts";
import { ownMailboxNumber } from "../routing/route-number.ts";
import type { VoiceMessage } from "./voice-message.ts";

/** What is mailed of a message, less its sound ([V36]). */
export interface MailText {
  readonly subject: string;
  readonly text: string;
  /** Of the attachment. */
  readonly fileName: string;
}

/** Larger ones are not attached: few servers take more. Five minutes fit. */
export const maximumAttachmentBytes = 10 * 1024 * 1024;

type Mailed = Pick<VoiceMessage, "caller" | "isUrgent" | "receivedAtMs" | "durationMs" | "bytes">;

/** The words of the mail, in the language of the mailbox. */
export function composeMail(
  { caller, isUrgent, receivedAtMs, durationMs, bytes }: Mailed,
  mailbox: { readonly number: string; readonly displayName: string },
  language: AnnouncementLanguage,
): MailText {
  const from = oneLine(caller.name === undefined ? caller.number : `${caller.name} (${caller.number})`);
  const seconds = Math.round(durationMs / 1000);
  const length = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const day = new Date(receivedAtMs);
  const locale = language === "de" ? "de-DE" : "en-GB";
  const at = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "long" }).format(day);
  const isAttached = bytes <= maximumAttachmentBytes;
  const fileName = `${day.toISOString().slice(0, 16).replaceAll(/[-:]/g, "").replace("T", "-")}-${plain(caller.number)}.wav`;
  const to = `${oneLine(mailbox.displayName)} (${mailbox.number})`;
  if (language === "de") {
    const subject = `${isUrgent ? "Dringend: " : ""}Sprachnachricht von ${from}, ${length}`;
    const where = isAttached ? "Die Aufnahme ist angehängt." : "Die Aufnahme ist zu groß für einen Anhang.";
    const text = `Von: ${from}\nFür: ${to}\nAm: ${at}\nDauer: ${length}\n${isUrgent ? "Dringend\n" : ""}\n${where} Am Telefon ist sie unter ${ownMailboxNumber} zu hören.\n`;
    return { subject, text, fileName };
  }
  const subject = `${isUrgent ? "Urgent: " : ""}Voice message from ${from}, ${length}`;
  const where = isAttached ? "The recording is attached." : "The recording is too large to be attached.";
  const text = `From: ${from}\nFor: ${to}\nOn: ${at}\nLength: ${length}\n${isUrgent ? "Urgent\n" : ""}\n${where} At the phone it is heard by ${ownMailboxNumber}.\n`;
  return { subject, text, fileName };
}

/** A caller chooses its own name: no line of a mail begins with it. */
function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, " ").slice(0, 100);
}

function plain(number: string): string {
  return number.replaceAll(/[^0-9A-Za-z]/g, "").slice(0, 32) || "anonymous";
}
