import type { WatchedMessages } from "@pbx-x/telephony";
import type { Extension } from "../extensions/extension.ts";
import { ownMailboxNumber } from "../routing/route-number.ts";
import { type MailboxCounts, noMessages } from "./voice-message.ts";

/** How many messages each mailbox has now, in memory, for who has to know without waiting: the lamps of phones ([L11]). */
export class MailboxStates {
  readonly #counts: Map<string, MailboxCounts>;
  readonly #listeners = new Set<(boxId: string) => void>();

  constructor(counts: ReadonlyMap<string, MailboxCounts>) {
    this.#counts = new Map(counts);
  }

  of(boxId: string): MailboxCounts {
    return this.#counts.get(boxId) ?? noMessages;
  }

  set(boxId: string, counts: MailboxCounts): void {
    if (counts.totalCount === 0) this.#counts.delete(boxId);
    else this.#counts.set(boxId, counts);
    for (const listener of this.#listeners) listener(boxId);
  }

  onChanged(listener: (boxId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What the phones of an extension are shown; undefined where it has no mailbox and nothing in it. */
  shownOf({ id, voicemailEnabled }: Pick<Extension, "id" | "voicemailEnabled">): WatchedMessages | undefined {
    const { unreadCount, totalCount, urgentUnreadCount, urgentCount } = this.of(id);
    if (!voicemailEnabled && totalCount === 0) return undefined;
    return {
      account: ownMailboxNumber,
      unread: unreadCount,
      read: totalCount - unreadCount,
      urgentUnread: urgentUnreadCount,
      urgentRead: urgentCount - urgentUnreadCount,
    };
  }
}
