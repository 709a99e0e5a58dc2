import type { Binding, Scheduler } from "@pbx-x/telephony";
import type { CallRecord } from "../calls/call-ledger.ts";
import type { BindingStore } from "../registrations/registration-service.ts";
import type { Database } from "./open-database.ts";
import { tellableMs, WriteBehind } from "./write-behind.ts";
import type { WriteOutcome } from "./write-outcome.ts";

export interface StoreOptions {
  readonly db: Database;
  readonly scheduler: Scheduler;
  readonly onError: (error: unknown) => void;
  /** Hears of each write, also of those that fail. */
  readonly onWrite?: (outcome: WriteOutcome) => void;
}

/** Registered devices over a restart. A phone that is lost in a crash registers again by itself. */
export function createBindingStore({ db, ...options }: StoreOptions): BindingStore {
  const buffer = new WriteBehind<Binding>({
    ...options,
    write: async (entries) => {
      const gone = entries.filter(([, binding]) => binding === undefined).map(([id]) => id);
      const kept = entries.flatMap(([id, binding]) =>
        binding === undefined ? [] : [{ id, record_json: JSON.stringify(binding), expires_at: binding.expiresAtMs }],
      );
      if (gone.length > 0) await db.deleteFrom("bindings").where("id", "in", gone).execute();
      if (kept.length === 0) return;
      await db
        .insertInto("bindings")
        .values(kept)
        .onConflict((conflict) =>
          conflict.column("id").doUpdateSet((row) => ({
            record_json: row.ref("excluded.record_json"),
            expires_at: row.ref("excluded.expires_at"),
          })),
        )
        .execute();
    },
  });
  return {
    load: async () => {
      const rows = await db.selectFrom("bindings").select("record_json").execute();
      // Written by `save` below.
      return rows.map((row) => JSON.parse(row.record_json) as Binding);
    },
    save: (binding) => buffer.put(binding.bindingId, binding),
    remove: (bindingId) => buffer.put(bindingId, undefined),
    flush: () => buffer.flush(),
  };
}

/** Finished calls; writing one again changes nothing. */
export function createRecordBuffer({ db, ...options }: StoreOptions): WriteBehind<CallRecord> {
  return new WriteBehind<CallRecord>({
    ...options,
    delayMs: tellableMs,
    write: async (entries) => {
      const rows = entries.flatMap(([callId, record]) =>
        record === undefined
          ? []
          : [
              {
                call_id: callId,
                direction: record.direction,
                caller_number: record.caller.number,
                callee_number: record.callee.number,
                started_at: record.createdAtMs,
                ended_at: record.endedAtMs,
                hangup_cause: record.hangupCause,
                record_json: JSON.stringify(record),
              },
            ],
      );
      await db
        .insertInto("cdr")
        .values(rows)
        .onConflict((conflict) => conflict.column("call_id").doNothing())
        .execute();
    },
  });
}
