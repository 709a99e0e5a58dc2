import type { Kysely } from "kysely";
import type { DatabaseTables } from "./tables.ts";

/** Trunks with their passwords. */
export async function createTrunks({ schema }: Kysely<DatabaseTables>): Promise<void> {
  await schema
    .createTable("trunks")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("name", "text", (column) => column.notNull().unique())
    .addColumn("record_json", "text", (column) => column.notNull())
    .addColumn("password", "text")
    .addColumn("updated_at", "bigint", (column) => column.notNull())
    .execute();
}
