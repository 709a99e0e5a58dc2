import type { LedgerStore } from "../calls/ledger-keeper.ts";
import type { Database } from "./open-database.ts";
import { saveCallRecord } from "./record-stores.ts";

const key = "call-ledger";

/** The ledger's checkpoint in the `meta` table, the records in `cdr`. */
export function createLedgerStore(db: Database): LedgerStore {
  return {
    load: async () => {
      const row = await db.selectFrom("meta").select("value").where("key", "=", key).executeTakeFirst();
      // Written by `save` below.
      return row === undefined ? undefined : (JSON.parse(row.value) as Awaited<ReturnType<LedgerStore["load"]>>);
    },
    save: async (checkpoint) => {
      const value = JSON.stringify(checkpoint);
      await db
        .insertInto("meta")
        .values({ key, value })
        .onConflict((conflict) => conflict.column("key").doUpdateSet({ value }))
        .execute();
    },
    record: (record) => saveCallRecord(db, record),
  };
}
