import { join } from "node:path";
import { type AnnouncementId, type AnnouncementLanguage, highestSpokenNumber } from "./announcement-texts.ts";

const folder = join(import.meta.dirname, "..", "..", "announcements");

/** The file of an announcement: WAV, 8 kHz, 16 bit, mono. */
export function announcementFile(id: AnnouncementId, language: AnnouncementLanguage): string {
  return join(folder, language, `${id}.wav`);
}

/** The word for a number from 0 to 60; undefined for others, which are not announced. */
export function spokenNumber(number: number): AnnouncementId | undefined {
  const isSpoken = Number.isInteger(number) && number >= 0 && number <= highestSpokenNumber;
  return isSpoken ? `number-${number}` : undefined;
}
