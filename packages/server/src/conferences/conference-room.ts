import type { AnnouncementLanguage } from "../announcements/announcement-texts.ts";

/** A room that people meet in by dialling its number ([V2]). Its id is the `conferenceId` of the events. */
export interface ConferenceRoom {
  readonly id: string;
  readonly number: string;
  readonly name: string;
  /** Digits; who has none enters freely. Never shown. */
  readonly pin?: string;
  /** Digits; whoever enters them is moderator. Never shown. */
  readonly moderatorPin?: string;
  /** Users who are moderators by themselves, without a PIN. */
  readonly moderatorUserIds: readonly string[];
  readonly maxParticipants: number;
  /** Once the last moderator has left, all others have to go ([V28]). */
  readonly endsWithoutModerator: boolean;
  /** What the announcements speak. */
  readonly language: AnnouncementLanguage;
}

/** A conference that has no number: made of calls that somebody brought together, gone with its last talk ([V25]). */
export interface AdHocRoom extends ConferenceRoom {
  readonly isAdHoc: true;
  /** Who made it; moderates it. */
  readonly startedBy: { readonly userId: string; readonly name: string } | undefined;
}

export function isAdHoc(room: ConferenceRoom): room is AdHocRoom {
  return "isAdHoc" in room;
}

/** As many as a bridge can have, and fewer rooms than would fill the database. */
export const conferenceLimits = { participants: 50, rooms: 1000, pinLength: 12 } as const;

/** What a room has where it is not said otherwise. */
export const defaultRoom: Omit<ConferenceRoom, "id" | "number" | "name"> = {
  moderatorUserIds: [],
  maxParticipants: conferenceLimits.participants,
  endsWithoutModerator: false,
  language: "de",
};

/** Where rooms are looked up. */
export interface ConferenceDirectory {
  byId(id: string): ConferenceRoom | undefined;
  byNumber(number: string): ConferenceRoom | undefined;
  all(): readonly ConferenceRoom[];
}
