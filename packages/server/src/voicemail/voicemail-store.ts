import type { Database } from "../storage/open-database.ts";
import { type MailboxCounts, noMessages, type VoiceMessage } from "./voice-message.ts";

export interface MessageQuery {
  readonly page: number;
  readonly limit: number;
  readonly boxId?: string | undefined;
  readonly isRead?: boolean | undefined;
}

/** The table of messages; the sound is in blobs. */
export interface VoicemailStore {
  insert(message: VoiceMessage): Promise<void>;
  /** It can be heard from now on. */
  complete(message: VoiceMessage): Promise<void>;
  find(id: string): Promise<VoiceMessage | undefined>;
  /** The newest first; only those that can be heard. */
  list(query: MessageQuery): Promise<{ readonly messages: readonly VoiceMessage[]; readonly total: number }>;
  counts(boxId: string): Promise<MailboxCounts>;
  allCounts(): Promise<ReadonlyMap<string, MailboxCounts>>;
  /** False where it was so already, or is gone. */
  setRead(id: string, isRead: boolean): Promise<boolean>;
  /** False where there was none. */
  remove(id: string): Promise<boolean>;
  /** Those that can be heard and were received before, the oldest first. */
  olderThan(beforeMs: number, limit: number): Promise<readonly VoiceMessage[]>;
  /** What the last run left in the middle. */
  unfinished(): Promise<readonly VoiceMessage[]>;
}

export function createVoicemailStore(db: Database): VoicemailStore {
  const columns = ["record_json", "is_read", "status"] as const;
  const allCounts = async (boxId?: string): Promise<ReadonlyMap<string, MailboxCounts>> => {
    let query = db
      .selectFrom("voicemail_messages")
      .select((builder) => ["box_id", "is_read", "is_urgent", builder.fn.countAll<number>().as("count")])
      .where("status", "=", "complete")
      .groupBy(["box_id", "is_read", "is_urgent"]);
    if (boxId !== undefined) query = query.where("box_id", "=", boxId);
    const counts = new Map<string, MailboxCounts>();
    for (const { box_id, is_read, is_urgent, count } of await query.execute()) {
      const before = counts.get(box_id) ?? noMessages;
      const found = Number(count);
      const [unread, urgent] = [is_read === 0 ? found : 0, is_urgent === 1 ? found : 0];
      counts.set(box_id, {
        unreadCount: before.unreadCount + unread,
        totalCount: before.totalCount + found,
        urgentUnreadCount: before.urgentUnreadCount + (is_read === 0 ? urgent : 0),
        urgentCount: before.urgentCount + urgent,
      });
    }
    return counts;
  };
  const filtered = ({ boxId, isRead }: MessageQuery) => {
    let rows = db.selectFrom("voicemail_messages").where("status", "=", "complete");
    if (boxId !== undefined) rows = rows.where("box_id", "=", boxId);
    if (isRead !== undefined) rows = rows.where("is_read", "=", isRead ? 1 : 0);
    return rows;
  };
  return {
    insert: async (message) => {
      await db
        .insertInto("voicemail_messages")
        .values({
          id: message.id,
          box_id: message.boxId,
          status: message.status,
          is_read: message.isRead ? 1 : 0,
          is_urgent: message.isUrgent ? 1 : 0,
          received_at: message.receivedAtMs,
          record_json: JSON.stringify(message),
        })
        .execute();
    },
    complete: async (message) => {
      await db
        .updateTable("voicemail_messages")
        .set({ status: "complete", is_urgent: message.isUrgent ? 1 : 0, record_json: JSON.stringify(message) })
        .where("id", "=", message.id)
        .execute();
    },
    find: async (id) => {
      const row = await db.selectFrom("voicemail_messages").select(columns).where("id", "=", id).executeTakeFirst();
      return row && messageOf(row);
    },
    list: async (query) => {
      const { total } = await filtered(query)
        .select((builder) => builder.fn.countAll<number>().as("total"))
        .executeTakeFirstOrThrow();
      const rows = await filtered(query)
        .select(columns)
        .orderBy("received_at", "desc")
        .orderBy("id", "desc")
        .limit(query.limit)
        .offset((query.page - 1) * query.limit)
        .execute();
      return { messages: rows.map(messageOf), total: Number(total) };
    },
    counts: async (boxId) => (await allCounts(boxId)).get(boxId) ?? noMessages,
    allCounts: () => allCounts(),
    setRead: async (id, isRead) => {
      const { numUpdatedRows } = await db
        .updateTable("voicemail_messages")
        .set({ is_read: isRead ? 1 : 0 })
        .where("id", "=", id)
        .where("status", "=", "complete")
        .where("is_read", "=", isRead ? 0 : 1)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    remove: async (id) => {
      const { numDeletedRows } = await db.deleteFrom("voicemail_messages").where("id", "=", id).executeTakeFirst();
      return numDeletedRows > 0n;
    },
    olderThan: async (beforeMs, limit) => {
      const rows = await db
        .selectFrom("voicemail_messages")
        .select(columns)
        .where("status", "=", "complete")
        .where("received_at", "<", beforeMs)
        .orderBy("received_at")
        .limit(limit)
        .execute();
      return rows.map(messageOf);
    },
    unfinished: async () => {
      const rows = await db
        .selectFrom("voicemail_messages")
        .select(columns)
        .where("status", "=", "recording")
        .execute();
      return rows.map(messageOf);
    },
  };
}

interface Row {
  readonly record_json: string;
  readonly is_read: number;
  readonly status: VoiceMessage["status"];
}

/** Written by `insert` and `complete`; what changes often is in columns. */
function messageOf({ record_json, is_read, status }: Row): VoiceMessage {
  return { ...(JSON.parse(record_json) as VoiceMessage), isRead: is_read === 1, status };
}
