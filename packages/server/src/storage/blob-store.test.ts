import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BlobStore, createFileBlobStore } from "./blob-store.ts";

let dir: string;
let blobs: BlobStore;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "pbx-x-blobs-"));
  blobs = createFileBlobStore(dir);
});
afterAll(() => rm(dir, { recursive: true }));

describe("blobs in files", () => {
  it("are written by others, read in whole or in part, patched and removed", async () => {
    const key = "recordings/2026/a.wav";
    const path = await blobs.pathFor(key);
    expect((await stat(join(dir, "recordings"))).mode & 0o077).toBe(0);
    expect(await blobs.size(key)).toBeUndefined();
    await writeFile(path, "0123456789");
    expect(await blobs.size(key)).toBe(10);
    expect(await text(blobs.read(key))).toBe("0123456789");
    expect(await text(blobs.read(key, { start: 2, end: 4 }))).toBe("234");
    await blobs.patch(key, [{ at: 1, bytes: Buffer.from("xy") }]);
    expect(await readFile(path, "utf8")).toBe("0xy3456789");
    expect(await blobs.freeBytes(key)).toBeGreaterThan(0);
    await blobs.remove(key);
    await blobs.remove(key);
    expect(await blobs.size(key)).toBeUndefined();
  });

  it("have keys that lead nowhere else", async () => {
    for (const key of ["../a.wav", "a/../../b.wav", "/etc/passwd", "a", "a//b.wav", "", ".hidden/a.wav"]) {
      await expect(blobs.pathFor(key)).rejects.toThrow("not a key");
    }
  });
});
