import { conferenceLimits } from "./conference-room.ts";
import { isSame, maximumTries } from "./door.ts";

/** What somebody in a conference wants. */
export type Order = "mute" | "lock" | "record" | "end" | "ask_pin" | "wrong_pin" | "moderate";

/** What somebody has pressed so far. */
export interface Keys {
  /** The star, which begins an order. */
  readonly isStar: boolean;
  /** The digits of the moderator PIN, once it was asked. */
  readonly pin?: string;
  /** Wrong PINs in this call. */
  readonly wrong: number;
}

export const noKeys: Keys = { isStar: false, wrong: 0 };

export interface RoomKeys {
  readonly isModerator: boolean;
  readonly moderatorPin: string | undefined;
}

/**
 * One key more: the star and a digit are an order ([V21]), `*0` begins the moderator PIN, which `#` ends ([V28]). After
 * three wrong ones nobody is asked again in this call.
 */
export function readKey(
  keys: Keys,
  digit: string,
  { isModerator, moderatorPin }: RoomKeys,
): { readonly keys: Keys; readonly order?: Order } {
  const { isStar, pin, wrong } = keys;
  if (pin !== undefined) {
    if (digit === "*") return { keys: { ...keys, pin: "" } };
    if (digit !== "#") return { keys: { ...keys, pin: (pin + digit).slice(-conferenceLimits.pinLength - 1) } };
    if (moderatorPin !== undefined && isSame(pin, moderatorPin)) return { keys: noKeys, order: "moderate" };
    return { keys: { isStar: false, wrong: wrong + 1 }, order: "wrong_pin" };
  }
  if (digit === "*") return { keys: { isStar: true, wrong } };
  const read = { isStar: false, wrong };
  if (!isStar) return { keys: read };
  if (digit === "0" && !isModerator && moderatorPin !== undefined && wrong < maximumTries) {
    return { keys: { ...read, pin: "" }, order: "ask_pin" };
  }
  const order = orderOf(digit, isModerator);
  return { keys: read, ...(order !== undefined && { order }) };
}

/** `1` mutes and unmutes oneself; a moderator locks by `2`, records by `3`, and ends it for all by `9`. */
function orderOf(digit: string, isModerator: boolean): Order | undefined {
  if (digit === "1") return "mute";
  if (!isModerator) return undefined;
  if (digit === "2") return "lock";
  if (digit === "3") return "record";
  return digit === "9" ? "end" : undefined;
}
