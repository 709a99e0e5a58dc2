import { timingSafeEqual } from "node:crypto";
import type { Conference } from "./conference.ts";
import { conferenceLimits, type ConferenceRoom } from "./conference-room.ts";

/** Somebody at the door of a conference who is asked for the PIN. */
export interface Door {
  readonly digits: string;
  /** Wrong ones so far; an empty wait counts, too. */
  readonly tries: number;
}

export type DoorOutcome =
  | { readonly is: "waiting"; readonly door: Door }
  | { readonly is: "wrong"; readonly door: Door }
  | { readonly is: "refused" }
  | { readonly is: "open"; readonly isModerator: boolean };

/** Wrong tries after which the caller is sent away. */
export const maximumTries = 3;
/** How long the door waits for the next key. */
export const keyTimeoutMs = 10_000;

/** Whether somebody has to be asked: moderators by name and rooms without a PIN let in at once. */
export function isAsked({ pin, moderatorPin, moderatorUserIds }: ConferenceRoom, userId: string | undefined): boolean {
  if (userId !== undefined && moderatorUserIds.includes(userId)) return false;
  return pin !== undefined || moderatorPin !== undefined;
}

/** A key at the door: `#` ends the PIN, `*` begins it anew. */
export function decideKey(door: Door, room: ConferenceRoom, digit: string): DoorOutcome {
  if (digit === "#") return judge(door, room);
  if (digit === "*") return { is: "waiting", door: { ...door, digits: "" } };
  const digits = (door.digits + digit).slice(-conferenceLimits.pinLength - 1);
  return { is: "waiting", door: { ...door, digits } };
}

/** No key came for a while: what was pressed so far is the PIN. */
export function decideKeyTimeout(door: Door, room: ConferenceRoom): DoorOutcome {
  return judge(door, room, door.digits === "");
}

function judge({ digits, tries }: Door, { pin, moderatorPin }: ConferenceRoom, isEmptyWait = false): DoorOutcome {
  if (moderatorPin !== undefined && isSame(digits, moderatorPin)) return { is: "open", isModerator: true };
  // Where only moderators have a PIN, the others press the hash key alone.
  const isRight = pin === undefined ? digits === "" && !isEmptyWait : isSame(digits, pin);
  if (isRight) return { is: "open", isModerator: false };
  if (tries + 1 >= maximumTries) return { is: "refused" };
  return { is: "wrong", door: { digits: "", tries: tries + 1 } };
}

/** Compared in the same time, whatever is wrong. */
export function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Why somebody does not get in whose PIN is right. */
export function whatStandsAgainst(
  { participants, isLocked }: Conference,
  { maxParticipants }: ConferenceRoom,
  isModerator: boolean,
): "conference-full" | "conference-locked" | undefined {
  if (participants.length >= maxParticipants) return "conference-full";
  return isLocked && !isModerator ? "conference-locked" : undefined;
}
