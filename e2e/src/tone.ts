import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { goertzel, readWav } from "@pbx-x/media";

/** Share of a file's energy at a frequency, 0–1, over the loudest second of it. */
export async function toneShare(file: string, frequencyHz: number): Promise<number> {
  const wav = readWav(await readFile(file));
  if (!wav.ok) return 0;
  const samples = wav.channels[0] ?? new Int16Array();
  const window = wav.sampleRate;
  let best = 0;
  for (let start = 0; start + window <= samples.length; start += window / 2) {
    best = Math.max(best, goertzel(samples.subarray(start, start + window), frequencyHz, wav.sampleRate));
  }
  return best;
}

/** Waits until one of the files that a phone recorded holds the tone clearly. */
export async function hearsTone(
  files: () => Promise<readonly string[]>,
  frequencyHz: number,
  seconds = 15,
): Promise<boolean> {
  for (let attempt = 0; attempt < seconds * 2; attempt += 1) {
    for (const file of await files()) if ((await toneShare(file, frequencyHz).catch(() => 0)) > 0.5) return true;
    await delay(500);
  }
  return false;
}
