import type { DialogId } from "../dialog/dialog.ts";

/** One call of a watched number, from that number's own point of view (RFC 4235 §3.7). */
export interface WatchedDialog {
  /** The same for the whole life of the call. */
  readonly dialogId: string;
  readonly direction: "initiator" | "recipient";
  readonly state: "trying" | "early" | "confirmed";
  /** Undefined: not told. */
  readonly remote?: { readonly number: string; readonly name?: string };
  /** By the watched side. */
  readonly isHeld: boolean;
  /** Of the watched side, for a phone that picks it up by INVITE with Replaces (RFC 3891). */
  readonly dialog?: DialogId;
}

/** Messages of a mailbox, counted. */
export interface WatchedMessages {
  /** Number that plays them, e.g. `*97`; undefined: the watched one. */
  readonly account?: string;
  readonly unread: number;
  readonly read: number;
  readonly urgentUnread: number;
  readonly urgentRead: number;
}

/** What watchers may see of a number. */
export interface WatchedState {
  readonly displayName: string;
  /** Calls alive; none: idle. */
  readonly dialogs: readonly WatchedDialog[];
  readonly presence: {
    readonly status: "available" | "busy" | "away" | "dnd" | "offline";
    readonly note?: string;
  };
  /** Of its mailbox; undefined: there are none. */
  readonly messages?: WatchedMessages;
}
