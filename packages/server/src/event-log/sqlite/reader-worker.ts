import { DatabaseSync } from "node:sqlite";
import { serveWorker } from "../../storage/worker/serve-worker.ts";
import type { ReaderRequest } from "./messages.ts";

/** The log's reading thread: long reads and checkpoints do not hold up the commits. */
let database: DatabaseSync | undefined;

serveWorker((request: ReaderRequest): unknown => {
  switch (request.kind) {
    case "open":
      database = new DatabaseSync(request.path);
      database.exec("pragma busy_timeout = 5000");
      return undefined;
    case "read":
      return read(opened(), request);
    case "checkpoint":
      opened().exec("pragma wal_checkpoint(passive)");
      return undefined;
    case "close":
      database?.close();
      database = undefined;
      return undefined;
  }
});

function opened(): DatabaseSync {
  if (database === undefined) throw new Error("the event log is not open");
  return database;
}

function read(db: DatabaseSync, { after, limit, callId }: Extract<ReaderRequest, { kind: "read" }>): unknown {
  const columns = "seq, event_id, type, at_ms, call_id, audience, json";
  const statement =
    callId === null
      ? db.prepare(`select ${columns} from events where seq > ? order by seq limit ?`)
      : db.prepare(`select ${columns} from events where seq > ? and call_id = ? order by seq limit ?`);
  statement.setReturnArrays(true);
  return callId === null ? statement.all(after, limit) : statement.all(after, callId, limit);
}
