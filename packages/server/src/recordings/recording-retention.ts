import type { Scheduler } from "@pbx-x/telephony";
import type { AuditLog } from "../storage/audit-log.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import type { RecordingStore } from "./recording-store.ts";

export interface RetentionOptions {
  readonly store: RecordingStore;
  readonly blobs: BlobStore;
  readonly audit: Pick<AuditLog, "write">;
  readonly scheduler: Scheduler;
  /** Undefined: for ever. */
  readonly keepMs: number | undefined;
  readonly onError: (error: unknown) => void;
}

const everyMs = 3600_000;
const batch = 200;

/** Deletes recordings that are older than they are to be kept ([C56]), now and every hour. Returns what ends it. */
export function startRetention(options: RetentionOptions): () => void {
  const { keepMs, scheduler, onError } = options;
  if (keepMs === undefined) return () => undefined;
  let cancel = (): void => undefined;
  const sweep = (): void => {
    deleteOlder(options, scheduler.now() - keepMs).catch(onError);
    cancel = scheduler.after(everyMs, sweep);
  };
  sweep();
  return () => cancel();
}

async function deleteOlder({ store, blobs, audit }: RetentionOptions, beforeMs: number): Promise<void> {
  for (;;) {
    const old = await store.olderThan(beforeMs, batch);
    for (const { id, blobKey, callId } of old) {
      await blobs.remove(blobKey);
      await store.remove(id);
      audit.write(undefined, "recording.expire", id, { callId });
    }
    if (old.length < batch) return;
  }
}
