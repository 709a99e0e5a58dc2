import { Kysely } from "kysely";
import { Migrator } from "kysely/migration";
import { migrations } from "./migrations.ts";
import { createSqliteDialect } from "./sqlite/sqlite-dialect.ts";
import type { DatabaseTables } from "./tables.ts";

export type Database = Kysely<DatabaseTables>;

/** Opens the SQLite file (made when missing) and brings its tables up to date. Close it with `destroy()`. */
export async function openDatabase(path: string): Promise<Database> {
  const db = new Kysely<DatabaseTables>({ dialect: createSqliteDialect(path) });
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) {
    await db.destroy();
    throw new Error(`the database ${path} cannot be brought up to date`, { cause: error });
  }
  return db;
}
