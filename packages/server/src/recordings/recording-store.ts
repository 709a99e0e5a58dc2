import { contains } from "../storage/contains.ts";
import type { Database } from "../storage/open-database.ts";
import type { Recording, RecordingEnd } from "./recording.ts";

export interface RecordingQuery {
  readonly page: number;
  readonly limit: number;
  /** Part of a number. */
  readonly search?: string | undefined;
  readonly callId?: string | undefined;
  readonly status?: Recording["status"] | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** Only where this extension was in the call. */
  readonly extensionId?: string | undefined;
}

/** The table of recordings; the files are blobs. */
export interface RecordingStore {
  insert(recording: Recording): Promise<void>;
  /** The end, and who was in the call by then. */
  finish(id: string, end: RecordingEnd, parties: Pick<Recording, "callee" | "caller" | "extensions">): Promise<void>;
  find(id: string): Promise<Recording | undefined>;
  list(query: RecordingQuery): Promise<{ readonly recordings: readonly Recording[]; readonly total: number }>;
  /** What the last run left open. */
  unfinished(): Promise<readonly Recording[]>;
  /** Ended ones that began before, the oldest first. */
  olderThan(startedBeforeMs: number, limit: number): Promise<readonly Recording[]>;
  remove(id: string): Promise<void>;
}

export function createRecordingStore(db: Database): RecordingStore {
  const write = async (recording: Recording): Promise<void> => {
    const { id, callId, status, caller, callee, startedAtMs, extensions } = recording;
    const row = {
      call_id: callId,
      status,
      started_at: startedAtMs,
      caller_number: caller.number,
      callee_number: callee.number,
      record_json: JSON.stringify(recording),
    };
    await db.transaction().execute(async (transaction) => {
      await transaction
        .insertInto("recordings")
        .values({ id, ...row })
        .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
        .execute();
      if (extensions.length === 0) return;
      await transaction
        .insertInto("recording_extensions")
        .values(extensions.map((extension) => ({ recording_id: id, extension_id: extension.id })))
        .onConflict((conflict) => conflict.columns(["recording_id", "extension_id"]).doNothing())
        .execute();
    });
  };
  const find = async (id: string): Promise<Recording | undefined> => {
    const row = await db.selectFrom("recordings").select("record_json").where("id", "=", id).executeTakeFirst();
    return row && recordOf(row);
  };
  return {
    insert: write,
    finish: async (id, end, parties) => {
      const recording = await find(id);
      if (recording !== undefined) await write({ ...recording, ...parties, ...end });
    },
    find,
    list: async (query) => {
      const { total } = await filtered(db, query)
        .select((builder) => builder.fn.countAll<number>().as("total"))
        .executeTakeFirstOrThrow();
      const rows = await filtered(db, query)
        .select("record_json")
        .orderBy("started_at", "desc")
        .orderBy("id", "desc")
        .limit(query.limit)
        .offset((query.page - 1) * query.limit)
        .execute();
      return { recordings: rows.map(recordOf), total: Number(total) };
    },
    unfinished: async () => {
      const rows = await db.selectFrom("recordings").select("record_json").where("status", "=", "recording").execute();
      return rows.map(recordOf);
    },
    olderThan: async (startedBeforeMs, limit) => {
      const rows = await db
        .selectFrom("recordings")
        .select("record_json")
        .where("started_at", "<", startedBeforeMs)
        .where("status", "!=", "recording")
        .orderBy("started_at")
        .limit(limit)
        .execute();
      return rows.map(recordOf);
    },
    remove: async (id) => {
      await db.deleteFrom("recording_extensions").where("recording_id", "=", id).execute();
      await db.deleteFrom("recordings").where("id", "=", id).execute();
    },
  };
}

function filtered(db: Database, { search, callId, status, fromMs, toMs, extensionId }: RecordingQuery) {
  let rows = db.selectFrom("recordings");
  if (callId !== undefined) rows = rows.where("call_id", "=", callId);
  if (status !== undefined) rows = rows.where("status", "=", status);
  if (fromMs !== undefined) rows = rows.where("started_at", ">=", fromMs);
  if (toMs !== undefined) rows = rows.where("started_at", "<", toMs);
  if (extensionId !== undefined) {
    rows = rows.where("id", "in", (builder) =>
      builder.selectFrom("recording_extensions").select("recording_id").where("extension_id", "=", extensionId),
    );
  }
  if (search !== undefined && search !== "") {
    rows = rows.where((builder) =>
      builder.or([contains(builder.ref("caller_number"), search), contains(builder.ref("callee_number"), search)]),
    );
  }
  return rows;
}

/** Written by `write`. */
function recordOf({ record_json }: { readonly record_json: string }): Recording {
  return JSON.parse(record_json) as Recording;
}
