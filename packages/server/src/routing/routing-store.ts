import type { Database } from "../storage/open-database.ts";
import type { GuardSettings } from "./outside-guard.ts";
import type { RoutingRecords, RoutingStore, RoutingTable } from "./rule-book.ts";

const guardsKey = "outside_guards";

/** Rules and time profiles in one table, the guards in `meta`. */
export function createRoutingStore(db: Database, now: () => number): RoutingStore {
  return {
    load: async <Table extends RoutingTable>(table: Table) => {
      const rows = await db.selectFrom("routing_records").select("record_json").where("kind", "=", table).execute();
      // Written by `save` below.
      return rows.map((row) => JSON.parse(row.record_json) as RoutingRecords[Table]);
    },
    save: async (table, record) => {
      const row = { record_json: JSON.stringify(record), updated_at: now() };
      await db
        .insertInto("routing_records")
        .values({ id: record.id, kind: table, ...row })
        .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
        .execute();
    },
    remove: async (table, id) => {
      await db.deleteFrom("routing_records").where("id", "=", id).where("kind", "=", table).execute();
    },
    loadGuards: async () => {
      const row = await db.selectFrom("meta").select("value").where("key", "=", guardsKey).executeTakeFirst();
      // Written by `saveGuards` below.
      return row && (JSON.parse(row.value) as GuardSettings);
    },
    saveGuards: async (guards) => {
      const value = JSON.stringify(guards);
      await db
        .insertInto("meta")
        .values({ key: guardsKey, value })
        .onConflict((conflict) => conflict.column("key").doUpdateSet({ value }))
        .execute();
    },
  };
}
