import type { MailboxCounts, VoiceMessage } from "./voice-message.ts";
import type { VoicemailStore } from "./voicemail-store.ts";

/** Messages in memory, for tests that have no disk. */
export function createMemoryVoicemailStore(): VoicemailStore {
  const messages = new Map<string, VoiceMessage>();
  const complete = (boxId?: string): readonly VoiceMessage[] =>
    [...messages.values()].filter(({ status, boxId: own }) => status === "complete" && own === (boxId ?? own));
  const countsOf = (boxId: string): MailboxCounts => {
    const all = complete(boxId);
    const unread = all.filter(({ isRead }) => !isRead);
    const urgentOf = (some: readonly VoiceMessage[]): number => some.filter(({ isUrgent }) => isUrgent).length;
    return {
      unreadCount: unread.length,
      totalCount: all.length,
      urgentUnreadCount: urgentOf(unread),
      urgentCount: urgentOf(all),
    };
  };
  return {
    insert: async (message) => void messages.set(message.id, message),
    complete: async (message) => void messages.set(message.id, { ...message, status: "complete" }),
    find: async (id) => messages.get(id),
    list: async () => ({ messages: complete(), total: complete().length }),
    counts: async (boxId) => countsOf(boxId),
    allCounts: async () => new Map(complete().map(({ boxId }) => [boxId, countsOf(boxId)])),
    setRead: async (id, isRead) => {
      const message = messages.get(id);
      if (message === undefined || message.isRead === isRead) return false;
      messages.set(id, { ...message, isRead });
      return true;
    },
    remove: async (id) => messages.delete(id),
    olderThan: async (beforeMs, limit) =>
      complete()
        .filter(({ receivedAtMs }) => receivedAtMs < beforeMs)
        .slice(0, limit),
    unfinished: async () => [...messages.values()].filter(({ status }) => status !== "complete"),
  };
}
