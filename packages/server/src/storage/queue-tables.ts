import type { Kysely } from "kysely";
import type { DatabaseTables } from "./tables.ts";

export async function createQueues({ schema }: Kysely<DatabaseTables>): Promise<void> {
  await schema
    .createTable("queues")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("extension_number", "text", (column) => column.notNull().unique())
    .addColumn("record_json", "text", (column) => column.notNull())
    .addColumn("updated_at", "bigint", (column) => column.notNull())
    .execute();
  await schema
    .createTable("queue_intervals")
    .addColumn("queue_id", "text", (column) => column.notNull())
    .addColumn("started_at", "bigint", (column) => column.notNull())
    .addColumn("record_json", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("queue_intervals_key", ["queue_id", "started_at"])
    .execute();
}
