import type { Kysely } from "kysely";
import type { DatabaseTables } from "./tables.ts";

/** Desk phones that fetch their settings. */
export async function createDevices({ schema }: Kysely<DatabaseTables>): Promise<void> {
  await schema
    .createTable("devices")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("mac", "text", (column) => column.notNull().unique())
    .addColumn("record_json", "text", (column) => column.notNull())
    .addColumn("secret_hash", "text", (column) => column.notNull())
    .addColumn("digest_json", "text", (column) => column.notNull())
    .addColumn("updated_at", "bigint", (column) => column.notNull())
    .execute();
}
