import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Permission } from "@pbx-x/protocol";
import type { LegId } from "@pbx-x/telephony";
import { expect } from "vitest";
import type { Call } from "../calls/call.ts";
import { type CallTestbench, createCallTestbench } from "../calls/call-testbench.ts";
import type { Extension } from "../extensions/extension.ts";
import type { CommandContext } from "../realtime/command-handler.ts";
import { type BlobStore, createFileBlobStore } from "../storage/blob-store.ts";
import { openDatabase } from "../storage/open-database.ts";
import { createRecordingCommands, type RecordingCommands } from "./recording-commands.ts";
import { RecordingService } from "./recording-service.ts";
import { createRecordingStore, type RecordingStore } from "./recording-store.ts";

export interface RecordingBench extends CallTestbench {
  readonly store: RecordingStore;
  readonly blobs: BlobStore;
  readonly recordings: RecordingService;
  readonly recordingCommands: RecordingCommands;
  readonly audited: string[];
  /** The engine is not heard any more. */
  isDeaf: boolean;
  /** An answered call of two registered phones. */
  talk(
    from?: string,
    to?: string,
  ): Promise<{
    readonly call: () => Call | undefined;
    readonly callId: string;
    readonly legs: readonly [LegId, LegId];
  }>;
  answerRinging(): Promise<LegId>;
  recorder(number: string, ...rights: readonly Permission[]): CommandContext;
  /** Types of the recording events of a call, without `CALL_RECORDING_`. */
  told(callId: string): readonly string[];
  stop(): Promise<void>;
}

export async function createRecordingBench(
  each: Readonly<Record<string, Partial<Extension>>> = {},
  minFreeBytes = 0,
): Promise<RecordingBench> {
  const dir = await mkdtemp(join(tmpdir(), "pbx-x-recordings-"));
  const db = await openDatabase(join(dir, "pbx-x.sqlite"));
  const bench = await createCallTestbench({}, each);
  const { calls, engine, extensions, scheduler } = bench;
  const store = createRecordingStore(db);
  const blobs = createFileBlobStore(dir);
  const errors: unknown[] = [];
  const audited: string[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const audit = {
    write: (userId: string | undefined, action: string): void => void audited.push(`${userId} ${action}`),
  };
  const recordings = new RecordingService({
    engine,
    calls,
    log: bench,
    extensions,
    store,
    blobs,
    scheduler,
    minFreeBytes,
    onError,
  });
  const full: RecordingBench = {
    ...bench,
    store,
    blobs,
    recordings,
    recordingCommands: createRecordingCommands({ calls, recordings, audit }),
    audited,
    isDeaf: false,
    talk: async (from = "200", to = "201") => {
      const binding = bench.register(from);
      bench.register(to);
      const callerLegId = engine.call(binding, to);
      await bench.settle();
      const callId = calls.registry.ofLeg(callerLegId)?.callId ?? "";
      const calleeLegId = await full.answerRinging();
      return { call: () => calls.registry.get(callId), callId, legs: [callerLegId, calleeLegId] };
    },
    answerRinging: async () => {
      await bench.settle();
      const legId = bench.ringingLegs().at(-1);
      if (legId === undefined) throw new Error("nothing rings");
      engine.ring(legId);
      engine.answer(legId);
      await bench.settle();
      return legId;
    },
    recorder: (number, ...rights) => {
      const context = bench.as(number);
      return { ...context, identity: { ...context.identity, permissions: new Set(rights) } };
    },
    told: (callId) => bench.typesOf(callId).flatMap((type) => /^CALL_RECORDING_(\w+)$/.exec(type)?.[1] ?? []),
    stop: async () => {
      await recordings.stop();
      await db.destroy();
      await rm(dir, { recursive: true });
      expect(errors).toEqual([]);
    },
  };
  engine.subscribe((event) => {
    if (!full.isDeaf) recordings.onTelephony(event);
  });
  return full;
}
