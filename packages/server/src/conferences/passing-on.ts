import type { RoomRefusal } from "../calls/transfer-service.ts";
import { type Conference, isLastModerator, type Participant } from "./conference.ts";
import type { ConferenceRoom } from "./conference-room.ts";

/** Where somebody is, and what the conference is like. */
export interface Place {
  readonly conference: Conference;
  readonly participant: Participant;
}

/** Whether the room is one that ends without a moderator, and this is the last one ([V28]). */
export function endsWith({ conference, participant }: Place, room: ConferenceRoom | undefined): boolean {
  return room?.endsWithoutModerator === true && isLastModerator(conference, participant);
}

/** What stands against a place in the room going to another party ([V27]). */
export function whatStandsAgainstPassingOn(place: Place, room: ConferenceRoom | undefined): RoomRefusal | undefined {
  if (place.conference.isLocked) {
    const message = "The conference is locked: unlock it first (conferenceUnlock).";
    return { message, reason: "conference_locked" };
  }
  if (!endsWith(place, room)) return undefined;
  const message = "The conference ends without its last moderator: make somebody else one first (conferencePromote).";
  return { message, reason: "last_moderator" };
}
