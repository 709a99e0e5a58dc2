import { createReadStream } from "node:fs";
import { mkdir, open, rm, stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";

/** Where sound is kept: recordings, messages, announcements. Keys look like paths: `recordings/2026/01/31/<id>.wav`. */
export interface BlobStore {
  /** The path for an engine that writes a new blob, or plays one, by itself. */
  pathFor(key: string): Promise<string>;
  /** Bytes; undefined where there is no such blob. */
  size(key: string): Promise<number | undefined>;
  /** All of it, or the bytes from `start` to `end`, both included. */
  read(key: string, range?: { readonly start: number; readonly end: number }): Readable;
  /** Writes over some bytes of a blob that is there. */
  patch(key: string, patches: readonly { readonly at: number; readonly bytes: Uint8Array }[]): Promise<void>;
  /** Harmless where there is none. */
  remove(key: string): Promise<void>;
  /** Room that is left where a new blob shall be, bytes; its path has been asked for. */
  freeBytes(key: string): Promise<number>;
}

/** Blobs as files below one folder. */
export function createFileBlobStore(folder: string): BlobStore {
  const place = (key: string): string => {
    if (!/^\w[\w-]*(?:\/\w[\w-]*)*\.\w+$/.test(key)) throw new Error(`not a key of a blob: ${key.slice(0, 80)}`);
    return join(folder, key);
  };
  return {
    pathFor: async (key) => {
      const path = place(key);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      return path;
    },
    size: async (key) => {
      try {
        return (await stat(place(key))).size;
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    read: (key, range) => createReadStream(place(key), range),
    patch: async (key, patches) => {
      const file = await open(place(key), "r+");
      try {
        for (const { at, bytes } of patches) await file.write(bytes, 0, bytes.length, at);
        await file.datasync();
      } finally {
        await file.close();
      }
    },
    remove: (key) => rm(place(key), { force: true }),
    freeBytes: async (key) => {
      const { bavail, bsize } = await statfs(dirname(place(key)));
      return bavail * bsize;
    },
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
