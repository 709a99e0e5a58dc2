import type { Binding } from "@pbx-x/telephony";
import type { CallRecord } from "../calls/call-ledger.ts";
import type { BindingStore } from "../registrations/registration-service.ts";
import type { Database } from "./open-database.ts";

/** Registered devices over a restart. Writes go to the database one after the other; failures go to `onError`. */
export function createBindingStore(db: Database, onError: (error: unknown) => void): BindingStore {
  return {
    load: async () => {
      const rows = await db.selectFrom("bindings").select("record_json").execute();
      // Written by `save` below.
      return rows.map((row) => JSON.parse(row.record_json) as Binding);
    },
    save: (binding) => {
      const row = { record_json: JSON.stringify(binding), expires_at: binding.expiresAtMs };
      db.insertInto("bindings")
        .values({ id: binding.bindingId, ...row })
        .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
        .execute()
        .catch(onError);
    },
    remove: (bindingId) => {
      db.deleteFrom("bindings").where("id", "=", bindingId).execute().catch(onError);
    },
  };
}

/** Writes a finished call; writing it again changes nothing. */
export async function saveCallRecord(db: Database, record: CallRecord): Promise<void> {
  await db
    .insertInto("cdr")
    .values({
      call_id: record.callId,
      direction: record.direction,
      caller_number: record.caller.number,
      callee_number: record.callee.number,
      started_at: record.createdAtMs,
      ended_at: record.endedAtMs,
      hangup_cause: record.hangupCause,
      record_json: JSON.stringify(record),
    })
    .onConflict((conflict) => conflict.column("call_id").doNothing())
    .execute();
}
