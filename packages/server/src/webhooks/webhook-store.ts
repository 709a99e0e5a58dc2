import type { Scheduler } from "@pbx-x/telephony";
import type { Database } from "../storage/open-database.ts";
import { WriteBehind } from "../storage/write-behind.ts";
import { type DeadLetter, type WebhookEndpoint, webhookLimits, type WebhookProgress } from "./webhook.ts";

export interface DeadLetterPage {
  readonly letters: readonly DeadLetter[];
  readonly total: number;
}

export interface WebhookStore {
  endpoints(): Promise<readonly WebhookEndpoint[]>;
  save(endpoint: WebhookEndpoint): Promise<void>;
  /** With all that belongs to it. */
  remove(id: string): Promise<void>;
  progress(): Promise<ReadonlyMap<string, WebhookProgress>>;
  /** Written a little later, the last of several: a crash lets some messages be sent again ([R42]). */
  putProgress(id: string, progress: WebhookProgress): void;
  /** Kept when it resolves. The oldest go when there are too many. */
  addDeadLetter(letter: DeadLetter): Promise<void>;
  deadLetter(endpointId: string, messageId: string): Promise<DeadLetter | undefined>;
  removeDeadLetter(endpointId: string, messageId: string): Promise<boolean>;
  /** The newest first. */
  deadLetters(query: {
    readonly endpointId: string;
    readonly page: number;
    readonly limit: number;
  }): Promise<DeadLetterPage>;
  countDeadLetters(): Promise<number>;
  flush(): Promise<void>;
}

export interface WebhookStoreOptions {
  readonly db: Database;
  readonly scheduler: Scheduler;
  readonly onError: (error: unknown) => void;
}

export function createWebhookStore({ db, scheduler, onError }: WebhookStoreOptions): WebhookStore {
  const behind = new WriteBehind<WebhookProgress>({
    scheduler,
    onError,
    write: async (entries) => {
      await db.transaction().execute(async (transaction) => {
        for (const [webhookId, progress] of entries) {
          if (progress === undefined) {
            await transaction.deleteFrom("webhook_progress").where("webhook_id", "=", webhookId).execute();
            continue;
          }
          const row = { record_json: JSON.stringify(progress) };
          await transaction
            .insertInto("webhook_progress")
            .values({ webhook_id: webhookId, ...row })
            .onConflict((conflict) => conflict.column("webhook_id").doUpdateSet(row))
            .execute();
        }
      });
    },
  });
  const lettersOf = (endpointId: string) => db.selectFrom("webhook_dead_letters").where("webhook_id", "=", endpointId);
  return {
    endpoints: async () => {
      const rows = await db.selectFrom("webhooks").select("record_json").execute();
      // Written by `save` below.
      return rows.map(({ record_json }) => JSON.parse(record_json) as WebhookEndpoint);
    },
    save: async (endpoint) => {
      const row = { record_json: JSON.stringify(endpoint), updated_at: scheduler.now() };
      await db
        .insertInto("webhooks")
        .values({ id: endpoint.id, ...row })
        .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
        .execute();
    },
    remove: async (id) => {
      await db.deleteFrom("webhooks").where("id", "=", id).execute();
      await db.deleteFrom("webhook_dead_letters").where("webhook_id", "=", id).execute();
      behind.put(id, undefined);
      await behind.flush();
    },
    progress: async () => {
      const rows = await db.selectFrom("webhook_progress").selectAll().execute();
      // Written above.
      return new Map(rows.map((row) => [row.webhook_id, JSON.parse(row.record_json) as WebhookProgress]));
    },
    putProgress: (id, progress) => behind.put(id, progress),
    addDeadLetter: async (letter) => {
      const row = { failed_at: letter.failedAtMs, record_json: JSON.stringify(letter) };
      await db
        .insertInto("webhook_dead_letters")
        .values({ webhook_id: letter.endpointId, message_id: letter.id, ...row })
        .onConflict((conflict) => conflict.columns(["webhook_id", "message_id"]).doUpdateSet(row))
        .execute();
      const tooOld = await lettersOf(letter.endpointId)
        .select("failed_at")
        .orderBy("failed_at", "desc")
        .offset(webhookLimits.deadLetters)
        .limit(1)
        .executeTakeFirst();
      if (tooOld === undefined) return;
      await db
        .deleteFrom("webhook_dead_letters")
        .where("webhook_id", "=", letter.endpointId)
        .where("failed_at", "<=", tooOld.failed_at)
        .execute();
    },
    deadLetter: async (endpointId, messageId) => {
      const row = await lettersOf(endpointId)
        .where("message_id", "=", messageId)
        .select("record_json")
        .executeTakeFirst();
      return row === undefined ? undefined : letterOf(row);
    },
    removeDeadLetter: async (endpointId, messageId) => {
      const deleted = await db
        .deleteFrom("webhook_dead_letters")
        .where("webhook_id", "=", endpointId)
        .where("message_id", "=", messageId)
        .executeTakeFirst();
      return deleted.numDeletedRows > 0n;
    },
    deadLetters: async ({ endpointId, page, limit }) => {
      const { total } = await lettersOf(endpointId)
        .select(({ fn }) => fn.countAll<number>().as("total"))
        .executeTakeFirstOrThrow();
      const rows = await lettersOf(endpointId)
        .select("record_json")
        .orderBy("failed_at", "desc")
        .orderBy("message_id", "desc")
        .offset((page - 1) * limit)
        .limit(limit)
        .execute();
      return { letters: rows.map(letterOf), total: Number(total) };
    },
    countDeadLetters: async () => {
      const { total } = await db
        .selectFrom("webhook_dead_letters")
        .select(({ fn }) => fn.countAll<number>().as("total"))
        .executeTakeFirstOrThrow();
      return Number(total);
    },
    flush: () => behind.flush(),
  };
}

/** Written by `addDeadLetter`. */
function letterOf({ record_json }: { readonly record_json: string }): DeadLetter {
  return JSON.parse(record_json) as DeadLetter;
}
