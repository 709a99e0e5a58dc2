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

/** Messages of a number's mailbox, counted; together they are all that can be heard. */
export interface WatchedMessages {
  /** Number that plays them. */
  readonly account: string;
  readonly unread: number;
  readonly read: number;
  /** Of the unread ones. */
  readonly urgentUnread: number;
  /** Of the read ones. */
  readonly urgentRead: number;
}

const noMessages: Omit<WatchedMessages, "account"> = { unread: 0, read: 0, urgentUnread: 0, urgentRead: 0 };

/** Whether a lamp shows no difference; no mailbox is like an empty one. */
export function isSameMessages(
  before: WatchedMessages | undefined = { account: "", ...noMessages },
  after: WatchedMessages | undefined = { account: "", ...noMessages },
): boolean {
  return (
    before.unread === after.unread &&
    before.read === after.read &&
    before.urgentUnread === after.urgentUnread &&
    before.urgentRead === after.urgentRead
  );
}

/** What phones that watch a number are shown: lamps and presence. */
export interface WatchedState {
  readonly displayName: string;
  /** Calls alive; none: idle. */
  readonly dialogs: readonly WatchedDialog[];
  /** `note`: the user's own words. */
  readonly presence: { readonly status: WatchedPresence; readonly note?: string };
  /** Told to phones of the number's own extension, also to those that did not ask ([L11]); undefined: no mailbox. */
  readonly messages?: WatchedMessages;
}
