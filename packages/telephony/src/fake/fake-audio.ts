import { readFile, writeFile } from "node:fs/promises";
import type { AudioImport, AudioImportOutcome } from "../engine.ts";

/** Bytes of a second of what the fake takes for sound: one channel, 16 bits, 8 kHz. */
const bytesPerSecond = 16_000;
const headerBytes = 44;

/** Looks at the name of the form alone and keeps the file as it is. */
export async function importFakeAudio({ from, to, maxMs }: AudioImport): Promise<AudioImportOutcome> {
  const bytes = await readFile(from).catch(() => undefined);
  if (bytes === undefined) return { ok: false, error: "unreadable" };
  if (bytes.toString("latin1", 0, 4) !== "RIFF") return { ok: false, error: "not_wav" };
  const durationMs = Math.round(((bytes.length - headerBytes) * 1000) / bytesPerSecond);
  if (durationMs <= 0) return { ok: false, error: "empty" };
  if (durationMs > maxMs) return { ok: false, error: "too_long" };
  await writeFile(to, bytes);
  return { ok: true, durationMs };
}
