import type { Database } from "./open-database.ts";

/** A write that shows whether the database takes any; it changes one row of its own. */
export function createProbeWrite(db: Database, now: () => number): () => Promise<void> {
  return async () => {
    await db
      .insertInto("meta")
      .values({ key: "probed_at", value: String(now()) })
      .onConflict((conflict) => conflict.column("key").doUpdateSet((row) => ({ value: row.ref("excluded.value") })))
      .execute();
  };
}
