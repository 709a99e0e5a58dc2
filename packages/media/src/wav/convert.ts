import { resample } from "./resample.ts";
import { readWav, writeWav } from "./wav.ts";

/** Sampling rate of all files that are played. */
export const playedRate = 8000;

export interface ConvertLimits {
  readonly maxMs: number;
}

export type ConvertError = "not_wav" | "unsupported" | "truncated" | "too_long" | "empty";

export type Converted =
  | { readonly ok: true; readonly bytes: Uint8Array; readonly durationMs: number }
  | { readonly ok: false; readonly error: ConvertError };

const lowestRate = 8000;
const highestRate = 192_000;

/** A WAV of 16-bit PCM, mono or stereo, as it is played: one channel, 8 kHz. */
export function convertWav(bytes: Uint8Array, { maxMs }: ConvertLimits): Converted {
  const wav = readWav(bytes);
  if (!wav.ok) return wav;
  const { sampleRate, channels } = wav;
  const [first, second] = channels;
  if (first === undefined || channels.length > 2 || sampleRate < lowestRate || sampleRate > highestRate) {
    return { ok: false, error: "unsupported" };
  }
  const durationMs = Math.round((first.length * 1000) / sampleRate);
  if (durationMs === 0) return { ok: false, error: "empty" };
  if (durationMs > maxMs) return { ok: false, error: "too_long" };
  const mono = second === undefined ? first : first.map((sample, index) => (sample + (second[index] ?? 0)) >> 1);
  const played = resample(mono, sampleRate, playedRate);
  return { ok: true, bytes: writeWav({ sampleRate: playedRate, channels: [played] }), durationMs };
}
