import type { LedgerStore } from "../calls/ledger-keeper.ts";
import type { CallRecord } from "../calls/call-ledger.ts";
import type { Database } from "./open-database.ts";
import type { WriteBehind } from "./write-behind.ts";

const key = "call-ledger";

/** The ledger's checkpoint in the `meta` table, the records in `cdr`. */
export function createLedgerStore(db: Database, records: WriteBehind<CallRecord>): LedgerStore {
  return {
    load: async () => {
      const row = await db.selectFrom("meta").select("value").where("key", "=", key).executeTakeFirst();
      // Written by `save` below.
      return row === undefined ? undefined : (JSON.parse(row.value) as Awaited<ReturnType<LedgerStore["load"]>>);
    },
    save: async (checkpoint) => {
      // The log is not read again before the checkpoint, so the records up to it have to be there.
      await records.flush();
      if (records.hasFailed) throw new Error("call records are not written yet; the checkpoint waits for them");
      const value = JSON.stringify(checkpoint);
      await db
        .insertInto("meta")
        .values({ key, value })
        .onConflict((conflict) => conflict.column("key").doUpdateSet({ value }))
        .execute();
    },
    record: (record) => records.put(record.callId, record),
  };
}
