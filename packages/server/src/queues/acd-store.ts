import type { Database } from "../storage/open-database.ts";
import type { AcdCheckpoint } from "./acd-keeper.ts";
import type { QueueInterval } from "./queue-intervals.ts";

const key = "acd";
const dayMs = 25 * 3600_000;

/** Where log-ins and figures are kept. */
export interface AcdStore {
  load(nowMs: number): Promise<{
    readonly checkpoint: AcdCheckpoint | undefined;
    /** Of the last day. */
    readonly intervals: readonly QueueInterval[];
  }>;
  save(checkpoint: AcdCheckpoint, changed: readonly QueueInterval[]): Promise<void>;
  /** A queue's intervals in their order, at most so many. */
  list(queueId: string, fromMs: number, toMs: number, limit: number): Promise<readonly QueueInterval[]>;
}

/** The checkpoint in the `meta` table, figures in `queue_intervals`. */
export function createAcdStore(db: Database): AcdStore {
  // Written by `save` below.
  const read = (rows: readonly { readonly record_json: string }[]): readonly QueueInterval[] =>
    rows.map((row) => JSON.parse(row.record_json) as QueueInterval);
  return {
    load: async (nowMs) => {
      const row = await db.selectFrom("meta").select("value").where("key", "=", key).executeTakeFirst();
      const rows = await db
        .selectFrom("queue_intervals")
        .select("record_json")
        .where("started_at", ">=", nowMs - dayMs)
        .execute();
      const checkpoint = row === undefined ? undefined : (JSON.parse(row.value) as AcdCheckpoint);
      return { checkpoint, intervals: read(rows) };
    },
    save: async (checkpoint, changed) => {
      // Figures know up to which event they count; so they may be ahead of the checkpoint.
      for (const interval of changed) {
        const record_json = JSON.stringify(interval);
        await db
          .insertInto("queue_intervals")
          .values({ queue_id: interval.queueId, started_at: interval.startMs, record_json })
          .onConflict((conflict) => conflict.columns(["queue_id", "started_at"]).doUpdateSet({ record_json }))
          .execute();
      }
      const value = JSON.stringify(checkpoint);
      await db
        .insertInto("meta")
        .values({ key, value })
        .onConflict((conflict) => conflict.column("key").doUpdateSet({ value }))
        .execute();
    },
    list: async (queueId, fromMs, toMs, limit) =>
      read(
        await db
          .selectFrom("queue_intervals")
          .select("record_json")
          .where("queue_id", "=", queueId)
          .where("started_at", ">=", fromMs)
          .where("started_at", "<", toMs)
          .orderBy("started_at")
          .limit(limit)
          .execute(),
      ),
  };
}
