import type { Recording } from "./recording.ts";
import type { RoomRecordingsOptions } from "./room-recordings.ts";

/** For tests of what is not about files: the rows of recordings, by id; the files are nowhere, with all room in the world. */
export interface RecordingsInMemory extends Pick<RoomRecordingsOptions, "store" | "blobs"> {
  readonly rows: ReadonlyMap<string, Recording>;
}

export function createRecordingsInMemory(): RecordingsInMemory {
  const rows = new Map<string, Recording>();
  return {
    rows,
    store: {
      insert: async (recording) => void rows.set(recording.id, recording),
      finish: async (id, end, parties) => {
        const row = rows.get(id);
        if (row !== undefined) rows.set(id, { ...row, ...parties, ...end });
      },
      remove: async (id) => void rows.delete(id),
    },
    blobs: {
      pathFor: async (key) => key,
      size: async () => undefined,
      patch: async () => undefined,
      remove: async () => undefined,
      freeBytes: async () => Number.MAX_SAFE_INTEGER,
    },
  };
}
