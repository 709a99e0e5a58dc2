import type { BlobStore } from "../storage/blob-store.ts";
import type { RecordingEnd } from "./recording.ts";
import { durationMsOf, headerRepair, wavHeaderBytes } from "./wav-layout.ts";

/** Makes a file that was left in the middle playable as far as it goes ([C52]); nothing of it: 0 bytes. */
export async function repairFile(
  blobs: Pick<BlobStore, "size" | "patch">,
  blobKey: string,
): Promise<Pick<RecordingEnd, "bytes" | "durationMs">> {
  const bytes = (await blobs.size(blobKey)) ?? 0;
  if (bytes < wavHeaderBytes) return { bytes: 0, durationMs: 0 };
  await blobs.patch(blobKey, headerRepair(bytes));
  return { bytes, durationMs: durationMsOf(bytes) };
}
