import { writeFile } from "node:fs/promises";
import type { AudioImportError, TelephonyEngine } from "@pbx-x/telephony";
import type { NewId } from "../ids.ts";
import type { BlobStore } from "./blob-store.ts";
import type { Database } from "./open-database.ts";

export interface SoundImporter {
  readonly blobs: Pick<BlobStore, "pathFor" | "size" | "remove">;
  readonly engine: Pick<TelephonyEngine, "importAudio">;
}

/** Parts of what keeps uploaded sound, with what is known of it in the database. */
export interface SoundBookOptions extends SoundImporter {
  readonly db: Database;
  readonly newId: NewId;
  readonly now: () => number;
}

export interface SoundImport {
  /** As it was uploaded. */
  readonly sound: Uint8Array;
  /** Where the engine finds it from then on. */
  readonly blobKey: string;
  /** For the upload; nothing is left there. */
  readonly uploadKey: string;
  readonly maxMs: number;
}

export type ImportedSound =
  | { readonly ok: true; readonly durationMs: number; readonly bytes: number }
  | { readonly ok: false; readonly error: AudioImportError };

/** Takes uploaded sound into the form that the engine plays; what is refused leaves nothing behind. */
export async function importSound(
  { blobs, engine }: SoundImporter,
  { sound, blobKey, uploadKey, maxMs }: SoundImport,
): Promise<ImportedSound> {
  const [from, to] = [await blobs.pathFor(uploadKey), await blobs.pathFor(blobKey)];
  let isTaken = false;
  try {
    await writeFile(from, sound, { mode: 0o600 });
    const imported = await engine.importAudio({ from, to, maxMs });
    if (!imported.ok) return imported;
    const bytes = (await blobs.size(blobKey)) ?? 0;
    isTaken = true;
    return { ok: true, durationMs: imported.durationMs, bytes };
  } finally {
    await blobs.remove(uploadKey);
    if (!isTaken) await blobs.remove(blobKey);
  }
}
