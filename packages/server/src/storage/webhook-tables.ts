import type { Kysely } from "kysely";
import type { DatabaseTables } from "./tables.ts";

/** Receivers of events with their secrets, how far each was served, and what could not be delivered. */
export async function createWebhooks({ schema }: Kysely<DatabaseTables>): Promise<void> {
  await schema
    .createTable("webhooks")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("record_json", "text", (column) => column.notNull())
    .addColumn("updated_at", "bigint", (column) => column.notNull())
    .execute();
  await schema
    .createTable("webhook_progress")
    .addColumn("webhook_id", "text", (column) => column.primaryKey())
    .addColumn("record_json", "text", (column) => column.notNull())
    .execute();
  await schema
    .createTable("webhook_dead_letters")
    .addColumn("webhook_id", "text", (column) => column.notNull())
    .addColumn("message_id", "text", (column) => column.notNull())
    .addColumn("failed_at", "bigint", (column) => column.notNull())
    .addColumn("record_json", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("webhook_dead_letters_key", ["webhook_id", "message_id"])
    .execute();
  await schema
    .createIndex("webhook_dead_letters_by_age")
    .on("webhook_dead_letters")
    .columns(["webhook_id", "failed_at"])
    .execute();
}
