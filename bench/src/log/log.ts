import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createRandomPool, createSqliteEventLog, createUuidV7, type EventLog, type NewEvent } from "@pbx-x/server";
import { type Benchmark, type BenchmarkResult, type Cell, quantile } from "../benchmark.ts";
import { eventData, eventText } from "../fanout/payload.ts";

/** Something that makes events durable; `append` resolves when a power failure could not take them any more. */
interface DurableLog {
  readonly name: string;
  append(count: number): Promise<void>;
  read(after: number, limit: number): Promise<number>;
  close(): Promise<void>;
}

const event: NewEvent = {
  type: "CALL_RINGING",
  audience: { extensions: [{ id: "019a0000-0000-7000-8000-000000000002", number: "200" }] },
  callId: eventData().callId,
  data: eventData(),
};

async function ownLog(dir: string): Promise<DurableLog> {
  const now = (): number => Date.now();
  const log: EventLog = await createSqliteEventLog({
    path: join(dir, "own.sqlite"),
    newId: createUuidV7({ now, randomBytes: createRandomPool() }),
    now,
    limits: { maxQueued: 1_000_000 },
  });
  return {
    name: "PBX-X event log",
    append: (count) => log.append(Array.from({ length: count }, () => event)).committed,
    read: async (after, limit) => (await log.read({ after, limit })).length,
    close: () => log.close(),
  };
}

/** Peer: the same database with the same durability, each event its own transaction on the calling thread. */
function plainSqlite(dir: string): DurableLog {
  const db = new DatabaseSync(join(dir, "plain.sqlite"));
  db.exec(
    "pragma journal_mode = wal; pragma synchronous = full; create table event (seq integer primary key, json text)",
  );
  const insert = db.prepare("insert into event (json) values (?)");
  const select = db.prepare("select seq, json from event where seq > ? order by seq limit ?");
  let seq = 0;
  return {
    name: "SQLite, a transaction per event",
    append: (count) => {
      for (let index = 0; index < count; index += 1) insert.run(eventText((seq += 1)));
      return Promise.resolve();
    },
    read: (after, limit) => Promise.resolve(select.all(after, limit).length),
    close: () => Promise.resolve(db.close()),
  };
}

/** Peer: lines in a file, each forced to the disk. */
function plainFile(dir: string): DurableLog {
  const file = openSync(join(dir, "events.jsonl"), "a");
  let seq = 0;
  return {
    name: "file, fsync per event",
    append: (count) => {
      for (let index = 0; index < count; index += 1) {
        writeSync(file, `${eventText((seq += 1))}\n`);
        fsyncSync(file);
      }
      return Promise.resolve();
    },
    read: () => Promise.resolve(0),
    close: () => Promise.resolve(closeSync(file)),
  };
}

interface Measured {
  readonly alone: readonly number[];
  readonly perSecond: number;
  readonly readPerSecond: number;
}

/** Commit latency of single events, then a flood of many writers at once, then reading all of it. */
async function measure(log: DurableLog, singles: number, writers: number, each: number): Promise<Measured> {
  const alone: number[] = [];
  for (let index = 0; index < singles; index += 1) {
    // A quiet moment between them: this is the latency of a system that is not busy.
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
    const startedAt = performance.now();
    await log.append(1);
    alone.push(performance.now() - startedAt);
  }
  const floodAt = performance.now();
  const writer = async (): Promise<void> => {
    for (let index = 0; index < each; index += 1) await log.append(1);
  };
  await Promise.all(Array.from({ length: writers }, writer));
  const perSecond = (writers * each) / ((performance.now() - floodAt) / 1000);
  const readAt = performance.now();
  let read = 0;
  for (let got = await log.read(0, 1000); got > 0; got = await log.read(read, 1000)) read += got;
  return { alone, perSecond, readPerSecond: read / ((performance.now() - readAt) / 1000) };
}

export const log: Benchmark = {
  name: "log",
  about:
    "durable events: commit latency of one, appends of 200 writers at once, reading; peers with the same durability",
  run: async ({ isQuick, log: tell }): Promise<BenchmarkResult> => {
    const rows: (readonly Cell[])[] = [];
    let own: Measured | undefined;
    for (const open of [ownLog, plainSqlite, plainFile]) {
      const dir = await mkdtemp(join(tmpdir(), "pbx-x-log-"));
      const one = await open(dir);
      try {
        tell(`${one.name} …`);
        const measured = await measure(one, isQuick ? 100 : 1000, 200, isQuick ? 10 : 250);
        own ??= measured;
        rows.push([
          one.name,
          quantile(measured.alone, 0.5),
          quantile(measured.alone, 0.99),
          measured.perSecond,
          own.perSecond / measured.perSecond,
          Number.isFinite(measured.readPerSecond) && measured.readPerSecond > 0 ? measured.readPerSecond : "–",
        ]);
      } finally {
        await one.close();
        await rm(dir, { recursive: true, force: true });
      }
    }
    return {
      columns: ["log", "commit p50 ms", "commit p99 ms", "appended/s", "PBX-X ÷ this", "read/s"],
      rows,
      notes: [
        "Every append waits until its event is durable (WAL with synchronous = full, or fsync); the file cannot be read by position.",
        "The crash test's counts are in the tests: kill -9 of a writer, and of the whole server with 50 calls up.",
      ],
    };
  },
};
