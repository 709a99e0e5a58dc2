import type { EventType } from "@pbx-x/protocol";
import type { Scheduler } from "@pbx-x/telephony";
import type { EventLog } from "../event-log/event-log.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import { noLongerThan, writeWaitMs } from "../storage/no-longer-than.ts";
import type { Recording, RecordingEnd } from "./recording.ts";
import type { RecordingStore } from "./recording-store.ts";
import { repairFile } from "./repair-file.ts";

export interface RecordingEndsOptions {
  readonly log: Pick<EventLog, "onCommitted">;
  readonly store: Pick<RecordingStore, "finish" | "remove">;
  readonly blobs: Pick<BlobStore, "size" | "patch" | "remove">;
  readonly scheduler: Scheduler;
  readonly onError: (error: unknown) => void;
}

interface Expected {
  readonly recording: Recording;
  readonly end: RecordingEnd;
  readonly resolve: () => void;
}

/** Of a call's recording, and of a conference's. */
export const endsOfRecordings: ReadonlySet<EventType> = new Set([
  "CALL_RECORDING_STOPPED",
  "CALL_RECORDING_FAILED",
  "CONFERENCE_RECORDING_STOPPED",
  "CONFERENCE_RECORDING_FAILED",
]);

/**
 * Writes the ends of recordings to the table, each after its event is committed: what a crash leaves open in the table has
 * either no end in the log, or one that the next start finds there ([C4]).
 */
export class RecordingEnds {
  readonly #options: RecordingEndsOptions;
  readonly #expected = new Map<string, Expected>();
  readonly #pending = new Set<Promise<void>>();
  readonly close: () => void;

  constructor(options: RecordingEndsOptions) {
    this.#options = options;
    this.close = options.log.onCommitted((batch) => {
      for (const { type, json } of batch) {
        if (!endsOfRecordings.has(type)) continue;
        const { data } = JSON.parse(json) as { readonly data: { readonly recordingId: string } };
        const expected = this.#expected.get(data.recordingId);
        this.#expected.delete(data.recordingId);
        if (expected !== undefined) void this.#write(expected);
      }
    });
  }

  /** Its event is about to be appended. */
  expect(recording: Recording, end: RecordingEnd): void {
    const pending = new Promise<void>((resolve) => this.#expected.set(recording.id, { recording, end, resolve })).then(
      () => void this.#pending.delete(pending),
    );
    this.#pending.add(pending);
  }

  /** Resolves when what has been told can be read: a log that takes nothing must not hold up who only wants to read. */
  written(): Promise<void> {
    return noLongerThan(Promise.all(this.#pending), writeWaitMs, this.#options.scheduler);
  }

  /** It never began: nothing is left of it. */
  async discard({ id, blobKey }: Recording): Promise<void> {
    await this.#options.blobs.remove(blobKey);
    await this.#options.store.remove(id);
  }

  async #write({ recording, end, resolve }: Expected): Promise<void> {
    const { store, blobs, onError } = this.#options;
    try {
      const size = end.bytes === 0 ? await repairFile(blobs, recording.blobKey) : {};
      await store.finish(recording.id, { ...end, ...size }, recording);
    } catch (error) {
      onError(error);
    }
    resolve();
  }
}
