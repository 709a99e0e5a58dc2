import type { LegId } from "./ids.ts";
import type { PartyIdentity } from "./operations.ts";

/** One call of a watched number, from that number's own point of view. */
export interface WatchedDialog {
  /** The same for the whole life of the call. */
  readonly dialogId: string;
  /** `initiator`: the number called; `recipient`: it is called. */
  readonly direction: "initiator" | "recipient";
  readonly state: "trying" | "early" | "confirmed";
  /** Undefined: watchers are not told. */
  readonly remote?: PartyIdentity;
  /** By the watched side. */
  readonly isHeld: boolean;
  /** A leg of it that may be picked up by taking its place ([C34]). */
  readonly legId?: LegId;
}

export const watchedPresences = ["available", "busy", "away", "dnd", "offline"] as const;
export type WatchedPresence = (typeof watchedPresences)[number];

/** What phones that watch a number are shown: lamps and presence. */
export interface WatchedState {
  readonly displayName: string;
  /** Calls alive; none: idle. */
  readonly dialogs: readonly WatchedDialog[];
  /** `note`: the user's own words. */
  readonly presence: { readonly status: WatchedPresence; readonly note?: string };
}
