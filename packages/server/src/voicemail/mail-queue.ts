import type { Database } from "../storage/open-database.ts";

/** A message that is still to be mailed. */
export interface QueuedMail {
  readonly messageId: string;
  readonly createdAtMs: number;
  readonly nextAtMs: number;
  /** Tries that failed. */
  readonly attempts: number;
}

/** Mails that wait, in the database: a restart forgets none ([V36]). */
export interface MailQueue {
  size(): Promise<number>;
  /** Harmless where it waits already. */
  add(messageId: string, nowMs: number): Promise<void>;
  /** The one that is due next. */
  first(): Promise<QueuedMail | undefined>;
  postpone(messageId: string, nextAtMs: number, attempts: number): Promise<void>;
  remove(messageId: string): Promise<void>;
}

export function createMailQueue(db: Database): MailQueue {
  return {
    size: async () => {
      const { count } = await db
        .selectFrom("voicemail_mails")
        .select((builder) => builder.fn.countAll<number>().as("count"))
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    add: async (messageId, nowMs) => {
      await db
        .insertInto("voicemail_mails")
        .values({ message_id: messageId, created_at: nowMs, next_at: nowMs, attempts: 0 })
        .onConflict((conflict) => conflict.column("message_id").doNothing())
        .execute();
    },
    first: async () => {
      const row = await db
        .selectFrom("voicemail_mails")
        .selectAll()
        .orderBy("next_at")
        .orderBy("message_id")
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const { message_id, created_at, next_at, attempts } = row;
      return { messageId: message_id, createdAtMs: Number(created_at), nextAtMs: Number(next_at), attempts };
    },
    postpone: async (messageId, nextAtMs, attempts) => {
      await db
        .updateTable("voicemail_mails")
        .set({ next_at: nextAtMs, attempts })
        .where("message_id", "=", messageId)
        .execute();
    },
    remove: async (messageId) => {
      await db.deleteFrom("voicemail_mails").where("message_id", "=", messageId).execute();
    },
  };
}
