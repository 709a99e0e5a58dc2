import { wavFrameBytes, wavFramesPerSecond, wavHeaderBytes } from "../recordings/wav-layout.ts";
import type { BlobStore } from "../storage/blob-store.ts";

/** Peak, of 32,767, up to which it counts as silence: the noise of a room. */
const quiet = 500;

/** Whether the end of a file that is being written holds no voice in its left channel; undefined where it is too short to tell. */
export async function isSilentTail(
  blobs: Pick<BlobStore, "read" | "size">,
  blobKey: string,
  tailMs: number,
): Promise<boolean | undefined> {
  const size = (await blobs.size(blobKey)) ?? 0;
  const wanted = Math.floor((tailMs * wavFramesPerSecond) / 1000) * wavFrameBytes;
  const end = size - ((size - wavHeaderBytes) % wavFrameBytes);
  if (end - wanted < wavHeaderBytes) return undefined;
  const pieces: Buffer[] = [];
  for await (const piece of blobs.read(blobKey, { start: end - wanted, end: end - 1 })) pieces.push(piece as Buffer);
  const bytes = Buffer.concat(pieces);
  for (let at = 0; at + wavFrameBytes <= bytes.length; at += wavFrameBytes) {
    if (Math.abs(bytes.readInt16LE(at)) > quiet) return false;
  }
  return true;
}
