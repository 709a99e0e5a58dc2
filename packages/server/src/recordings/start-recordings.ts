import type { Scheduler, TelephonyEngine } from "@pbx-x/telephony";
import type { CallService } from "../calls/call-service.ts";
import type { EventLog, NewEvent } from "../event-log/event-log.ts";
import type { ExtensionDirectory } from "../extensions/extension.ts";
import type { AuditLog } from "../storage/audit-log.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import type { Database } from "../storage/open-database.ts";
import { createRecordingCommands, type RecordingCommands } from "./recording-commands.ts";
import { recoverRecordings } from "./recording-recovery.ts";
import { startRetention } from "./recording-retention.ts";
import { type RecordedRooms, RoomRecordings } from "./room-recordings.ts";
import { RecordingService } from "./recording-service.ts";
import { createRecordingStore, type RecordingStore } from "./recording-store.ts";

export interface RecordingsOptions {
  readonly db: Database;
  readonly blobs: BlobStore;
  readonly log: EventLog;
  readonly engine: Pick<TelephonyEngine, "capabilities">;
  readonly calls: CallService;
  readonly extensions: Pick<ExtensionDirectory, "byId">;
  readonly audit: Pick<AuditLog, "write">;
  readonly scheduler: Scheduler;
  readonly settings: { readonly keepMs: number | undefined; readonly minFreeBytes: number; readonly hasBeep: boolean };
  readonly publish: (events: readonly NewEvent[]) => number | undefined;
  /** The conferences, once there are any. */
  readonly conferences: () => RecordedRooms;
  readonly onError: (error: unknown) => void;
}

export interface Recordings {
  readonly service: RecordingService;
  /** Of whole conferences ([V26]). */
  readonly rooms: RoomRecordings;
  readonly commands: RecordingCommands;
  readonly store: RecordingStore;
  /** Resolves when what has been told of recordings can be read from the store. */
  written(): Promise<void>;
  /** Recordings that the last run had left open and that were ended now. */
  readonly recovered: number;
  /** After the engine has been stopped. */
  stop(): Promise<void>;
}

/** The slice as a whole, with what the last run left behind put in order. After the ledger has ended that run's calls. */
export async function startRecordings(options: RecordingsOptions): Promise<Recordings> {
  const { db, settings } = options;
  const store = createRecordingStore(db);
  const recovered = await recoverRecordings({ ...options, store });
  const service = new RecordingService({ ...options, store, minFreeBytes: settings.minFreeBytes });
  const { minFreeBytes, hasBeep } = settings;
  const rooms = new RoomRecordings({ ...options, store, minFreeBytes, hasBeep }, options.conferences);
  const endRetention = startRetention({ ...options, store, keepMs: settings.keepMs });
  return {
    service,
    rooms,
    written: async () => void (await Promise.all([service.written(), rooms.written()])),
    commands: createRecordingCommands({ ...options, recordings: service }),
    store,
    recovered,
    stop: async () => {
      endRetention();
      await rooms.written();
      rooms.close();
      await service.stop();
    },
  };
}
