import type { Kysely } from "kysely";
import type { DatabaseTables } from "./tables.ts";

export async function createConferences({ schema }: Kysely<DatabaseTables>): Promise<void> {
  await schema
    .createTable("conferences")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("number", "text", (column) => column.notNull().unique())
    .addColumn("record_json", "text", (column) => column.notNull())
    .addColumn("updated_at", "bigint", (column) => column.notNull())
    .execute();
}
