import { readFile, stat } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { goertzel, loudnessOf, readWav } from "@pbx-x/media";

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

/** Waits until a fifth of a second anywhere in one of the files is the tone: for signals that are short, or come and go. */
export async function untilSignal(
  files: () => Promise<readonly string[]>,
  frequencyHz: number,
  seconds = 20,
): Promise<void> {
  for (let attempt = 0; attempt < seconds * 4; attempt += 1) {
    for (const file of await files()) if (await hasSignal(file, frequencyHz).catch(() => false)) return;
    await delay(250);
  }
  throw new Error(`no signal of ${frequencyHz} Hz was heard`);
}

async function hasSignal(file: string, frequencyHz: number): Promise<boolean> {
  const wav = readWav(await readFile(file));
  if (!wav.ok) return false;
  const samples = wav.channels[0] ?? new Int16Array();
  const window = wav.sampleRate / 5;
  for (let start = 0; start + window <= samples.length; start += window / 4) {
    const piece = samples.subarray(start, start + window);
    if (isVoice({ loudness: loudnessOf(piece), share: goertzel(piece, frequencyHz, wav.sampleRate) })) return true;
  }
  return false;
}

export interface Sound {
  /** Root mean square, 0–32,767. */
  readonly loudness: number;
  /** Share of the energy at the frequency that was asked for, 0–1. */
  readonly share: number;
}

/** Whether a sound is mainly the tone that was asked for; whether it is loud and something else. */
export const isVoice = ({ share, loudness }: Sound): boolean => loudness > 300 && share > 0.6;
export const isMusic = ({ share, loudness }: Sound): boolean => loudness > 300 && share < 0.2;

/** Waits until the last half second that a phone recorded sounds as wanted; throws with what it heard instead. */
export async function untilSoundsLike(
  files: () => Promise<readonly string[]>,
  frequencyHz: number,
  isWanted: (sound: Sound) => boolean,
  seconds = 20,
): Promise<void> {
  let last: Sound = { loudness: 0, share: 0 };
  for (let attempt = 0; attempt < seconds * 4; attempt += 1) {
    const file = await newest(await files());
    last = (file === undefined ? undefined : await lastSound(file, frequencyHz).catch(() => undefined)) ?? last;
    if (isWanted(last)) return;
    await delay(250);
  }
  throw new Error(
    `heard instead: loudness ${Math.round(last.loudness)}, ${Math.round(last.share * 100)} % at ${frequencyHz} Hz`,
  );
}

/** A phone writes a file per call: the one written to last is that of the present call. */
async function newest(files: readonly string[]): Promise<string | undefined> {
  const times = await Promise.all(files.map(async (file) => ({ file, at: (await stat(file)).mtimeMs })));
  return times.toSorted((a, b) => b.at - a.at)[0]?.file;
}

async function lastSound(file: string, frequencyHz: number): Promise<Sound | undefined> {
  const wav = readWav(await readFile(file));
  if (!wav.ok) return undefined;
  const samples = (wav.channels[0] ?? new Int16Array()).slice(-wav.sampleRate / 2);
  return { loudness: loudnessOf(samples), share: goertzel(samples, frequencyHz, wav.sampleRate) };
}

/** Waits until half a second brings a phone nothing new, or only silence. */
export async function untilSilent(files: () => Promise<readonly string[]>, seconds = 20): Promise<void> {
  for (let attempt = 0; attempt < seconds * 2; attempt += 1) {
    const file = await newest(await files());
    if (file === undefined) continue;
    const before = (await stat(file)).size;
    await delay(500);
    const isLonger = (await stat(file)).size > before;
    if (!isLonger || ((await lastSound(file, 1000))?.loudness ?? 0) < 100) return;
  }
  throw new Error("it still hears something");
}
