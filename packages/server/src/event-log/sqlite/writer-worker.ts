import { DatabaseSync } from "node:sqlite";
import { serveWorker } from "../../storage/worker/serve-worker.ts";
import type { Opened, Purged, WriterRequest } from "./messages.ts";

/** The log's writing thread: each group is one transaction, on the disk when it is answered. */
let database: DatabaseSync | undefined;
let statements: ReturnType<typeof prepareWriting> | undefined;

serveWorker((request: WriterRequest): unknown => {
  switch (request.kind) {
    case "open":
      database = openDatabase(request.path);
      statements = prepareWriting(database);
      return describe(database, request.epoch);
    case "write":
      return write(request);
    case "purge":
      return purge(opened(), request);
    case "close":
      database?.close();
      database = undefined;
      statements = undefined;
      return undefined;
  }
});

function opened(): DatabaseSync {
  if (database === undefined) throw new Error("the event log is not open");
  return database;
}

function openDatabase(path: string): DatabaseSync {
  const db = new DatabaseSync(path);
  db.exec(`
    pragma journal_mode = wal;
    pragma synchronous = full;
    pragma wal_autocheckpoint = 0;
    pragma busy_timeout = 5000;
    create table if not exists meta (key text primary key, value text not null) without rowid;
    create table if not exists events (
      seq integer primary key, event_id text not null, type text not null, at_ms integer not null,
      call_id text, audience text not null, json text not null
    );
    create index if not exists events_by_call on events (call_id, seq) where call_id is not null;
  `);
  return db;
}

function describe(db: DatabaseSync, newEpoch: string): Opened {
  db.prepare("insert into meta (key, value) values ('epoch', ?) on conflict (key) do nothing").run(newEpoch);
  const epoch = db.prepare("select value from meta where key = 'epoch'").get()?.["value"];
  const purgedUpTo = Number(db.prepare("select value from meta where key = 'purged'").get()?.["value"] ?? 0);
  const range = db.prepare("select min(seq) as oldest, max(seq) as head from events").get();
  const head = Number(range?.["head"] ?? purgedUpTo);
  return { epoch: String(epoch), head, oldest: Number(range?.["oldest"] ?? head + 1) };
}

/** Made once: to read the same words anew for every group costs more than to carry them out. */
function prepareWriting(db: DatabaseSync) {
  return {
    begin: db.prepare("begin immediate"),
    commit: db.prepare("commit"),
    // "or ignore": a group whose commit was done but not heard of is sent again.
    insert: db.prepare(
      "insert or ignore into events (seq, event_id, type, at_ms, call_id, audience, json) values (?, ?, ?, ?, ?, ?, ?)",
    ),
  };
}

function write({ rows }: Extract<WriterRequest, { kind: "write" }>): undefined {
  inTransaction(opened(), ({ insert }) => {
    for (const row of rows) insert.run(...row);
  });
}

function purge(db: DatabaseSync, request: Extract<WriterRequest, { kind: "purge" }>): Purged {
  const range = db.prepare("select min(seq) as oldest, max(seq) as head from events").get();
  const [oldest, head] = [range?.["oldest"], range?.["head"]];
  if (typeof oldest !== "number" || typeof head !== "number") return { oldest: purgedUpTo(db) + 1, more: false };
  const lastOfChunk = oldest + request.chunk - 1;
  const tooOld = db
    .prepare("select max(seq) as seq from events where seq <= ? and at_ms < ?")
    .get(lastOfChunk, request.olderThanMs)?.["seq"];
  const upTo = Math.min(lastOfChunk, Math.max(Number(tooOld ?? 0), head - request.keepEvents));
  if (upTo < oldest) return { oldest, more: false };
  inTransaction(db, () => {
    db.prepare("delete from events where seq <= ?").run(upTo);
    // When nothing is left, the numbering still goes on from here.
    db.prepare(
      "insert into meta (key, value) values ('purged', ?) on conflict (key) do update set value = excluded.value",
    ).run(String(upTo));
  });
  return { oldest: upTo + 1, more: upTo === lastOfChunk };
}

function purgedUpTo(db: DatabaseSync): number {
  return Number(db.prepare("select value from meta where key = 'purged'").get()?.["value"] ?? 0);
}

function inTransaction(db: DatabaseSync, work: (prepared: ReturnType<typeof prepareWriting>) => void): void {
  const prepared = statements ?? prepareWriting(db);
  prepared.begin.run();
  try {
    work(prepared);
    prepared.commit.run();
  } catch (error) {
    if (db.isTransaction) db.exec("rollback");
    throw error;
  }
}
