import type { CallRecord } from "../calls/call-ledger.ts";
import type { CallRecordQuery, CallRecords } from "../calls/call-routes.ts";
import { contains } from "./contains.ts";
import type { Database } from "./open-database.ts";

/** Reads the `cdr` table, after what waits to be written: who was told that a call has ended finds its record. */
export function createCallRecords(db: Database, written: () => Promise<void>): CallRecords {
  return {
    find: async (callId) => {
      await written();
      const row = await db.selectFrom("cdr").select("record_json").where("call_id", "=", callId).executeTakeFirst();
      return row === undefined ? undefined : recordOf(row.record_json);
    },
    list: async (query) => {
      await written();
      const { total } = await filtered(db, query)
        .select((builder) => builder.fn.countAll<number>().as("total"))
        .executeTakeFirstOrThrow();
      const rows = await filtered(db, query)
        .select("record_json")
        .orderBy("started_at", "desc")
        .orderBy("call_id", "desc")
        .limit(query.limit)
        .offset((query.page - 1) * query.limit)
        .execute();
      return { records: rows.map((row) => recordOf(row.record_json)), total: Number(total) };
    },
  };
}

function filtered(
  db: Database,
  { search, searchNumbers = [], direction, hangupCause, fromMs, toMs, number }: CallRecordQuery,
) {
  let rows = db.selectFrom("cdr");
  if (direction !== undefined) rows = rows.where("direction", "=", direction);
  if (hangupCause !== undefined) rows = rows.where("hangup_cause", "=", hangupCause);
  if (fromMs !== undefined) rows = rows.where("started_at", ">=", fromMs);
  if (toMs !== undefined) rows = rows.where("started_at", "<", toMs);
  if (number !== undefined) {
    rows = rows.where((builder) =>
      builder.or([builder("caller_number", "=", number), builder("callee_number", "=", number)]),
    );
  }
  if (search !== undefined && search !== "") {
    rows = rows.where((builder) =>
      builder.or([
        contains(builder.ref("caller_number"), search),
        contains(builder.ref("callee_number"), search),
        ...(searchNumbers.length === 0
          ? []
          : [builder("caller_number", "in", searchNumbers), builder("callee_number", "in", searchNumbers)]),
      ]),
    );
  }
  return rows;
}

/** Written by `saveCallRecord`. */
function recordOf(json: string): CallRecord {
  return JSON.parse(json) as CallRecord;
}
