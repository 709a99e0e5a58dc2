import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { events as definitions, type LoggedEventType } from "@pbx-x/protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EventLog } from "../event-log/event-log.ts";
import { createMemoryEventLog } from "../event-log/memory-event-log.ts";
import { type BlobStore, createFileBlobStore } from "../storage/blob-store.ts";
import { type Database, openDatabase } from "../storage/open-database.ts";
import type { Recording } from "./recording.ts";
import { recoverRecordings } from "./recording-recovery.ts";
import { createRecordingStore, type RecordingStore } from "./recording-store.ts";

let dir: string;
let db: Database;
let log: EventLog;
let store: RecordingStore;
let blobs: BlobStore;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "pbx-x-recovery-"));
  db = await openDatabase(join(dir, "pbx-x.sqlite"));
  log = createMemoryEventLog({ newId: () => crypto.randomUUID(), now: () => 1_700_000_000_000 });
  store = createRecordingStore(db);
  blobs = createFileBlobStore(dir);
});
afterEach(async () => {
  await db.destroy();
  await rm(dir, { recursive: true });
});

const { callId } = definitions.CALL_CREATED.example;
const audience = { extensions: [{ id: "e200", number: "200" }], userIds: ["user-200"] };
const recording: Recording = {
  id: "rec-1",
  callId,
  status: "recording",
  caller: { number: "200" },
  callee: { number: "201" },
  extensions: [{ id: "e200", number: "200" }],
  startedAtMs: 1_700_000_000_000,
  blobKey: "recordings/2026/01/31/rec-1.wav",
  durationMs: 0,
  bytes: 0,
};

async function told(...types: readonly LoggedEventType[]): Promise<void> {
  for (const [index, type] of types.entries()) {
    const data = { callId, recordingId: recording.id, version: index + 1, threadId: callId, reason: "disk_full" };
    await log.append([{ type, callId, audience, data }]).committed;
  }
}

/** A file as a crash leaves it: the header is older than the voice, the last sample is cut. */
async function leave(voiceBytes: number): Promise<string> {
  const path = await blobs.pathFor(recording.blobKey);
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  await writeFile(path, Buffer.concat([header, Buffer.alloc(voiceBytes, 1)]));
  return path;
}

const recover = () => recoverRecordings({ log, store, blobs });
const endsInLog = async () =>
  (await log.read({ after: 0, limit: 100, callId })).filter(({ type }) => /RECORDING_(?:STOPPED|FAILED)$/.test(type));

describe("the next start after a crash", () => {
  it("[C52] repairs the file and writes the one end that is missing", async () => {
    await told("CALL_CREATED", "CALL_RECORDING_STARTED", "CALL_ENDED");
    await store.insert(recording);
    const path = await leave(32_003);
    expect(await recover()).toBe(1);
    expect(await recover()).toBe(0);
    const bytes = await readFile(path);
    expect([bytes.readUInt32LE(4), bytes.readUInt32LE(40)]).toEqual([36 + 32_000, 32_000]);
    const ends = await endsInLog();
    expect(ends.map(({ type }) => type)).toEqual(["CALL_RECORDING_STOPPED"]);
    expect(JSON.parse(ends[0]?.json ?? "")).toMatchObject({
      data: { durationSeconds: 1, fileSizeBytes: 32_047, reason: "server_restart", state: "ended", version: 4 },
    });
    expect(ends[0]?.audience).toEqual(audience);
    expect(await store.find("rec-1")).toMatchObject({ status: "complete", durationMs: 1000, reason: "server_restart" });
  });

  it("[C54] takes an end over that the log has already, and writes no second one", async () => {
    await told("CALL_CREATED", "CALL_RECORDING_STARTED", "CALL_RECORDING_FAILED");
    await store.insert(recording);
    await leave(3200);
    await recover();
    expect(await endsInLog()).toHaveLength(1);
    expect(await store.find("rec-1")).toMatchObject({ status: "failed", reason: "disk_full", durationMs: 100 });
  });

  it("[C54] fails what has no voice at all", async () => {
    await told("CALL_CREATED", "CALL_RECORDING_STARTED");
    await store.insert(recording);
    await recover();
    expect((await endsInLog()).map(({ type }) => type)).toEqual(["CALL_RECORDING_FAILED"]);
    expect(await store.find("rec-1")).toMatchObject({ status: "failed", bytes: 0 });
  });

  it("[C54] forgets what was never told to have begun", async () => {
    await told("CALL_CREATED");
    await store.insert(recording);
    const path = await leave(0);
    await recover();
    expect(await endsInLog()).toEqual([]);
    expect(await store.find("rec-1")).toBeUndefined();
    await expect(stat(path)).rejects.toThrow("ENOENT");
  });

  it("[C52] keeps the voice of a call that the log has forgotten", async () => {
    await store.insert(recording);
    await leave(32_000);
    await recover();
    expect(await endsInLog()).toEqual([]);
    expect(await store.find("rec-1")).toMatchObject({ status: "complete", bytes: 32_044 });
  });
});
