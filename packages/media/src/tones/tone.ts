/** A call progress tone: frequency and rhythm, repeated (ITU-T E.180 for Germany). */
export interface ToneDefinition {
  readonly frequencyHz: number;
  /** Milliseconds on and off. */
  readonly onMs: number;
  readonly offMs: number;
  /** 0–1 of full scale. */
  readonly level: number;
}

export const toneDefinitions = {
  ringback: { frequencyHz: 425, onMs: 1000, offMs: 4000, level: 0.2 },
  busy: { frequencyHz: 425, onMs: 480, offMs: 480, level: 0.2 },
  congestion: { frequencyHz: 425, onMs: 240, offMs: 240, level: 0.2 },
  beep: { frequencyHz: 1000, onMs: 400, offMs: 0, level: 0.3 },
} as const satisfies Readonly<Record<string, ToneDefinition>>;
export type ToneName = keyof typeof toneDefinitions;

/** One period of a tone as samples. */
export function toneSamples({ frequencyHz, onMs, offMs, level }: ToneDefinition, sampleRate = 8000): Int16Array {
  const on = Math.round((onMs * sampleRate) / 1000);
  const samples = new Int16Array(on + Math.round((offMs * sampleRate) / 1000));
  const ramp = Math.min(on / 2, sampleRate / 200);
  for (let index = 0; index < on; index += 1) {
    // A short ramp at both ends: a hard edge would click.
    const edge = Math.min(1, index / ramp, (on - index) / ramp);
    samples[index] = Math.round(Math.sin((2 * Math.PI * frequencyHz * index) / sampleRate) * level * edge * 32_767);
  }
  return samples;
}

/** An endless sine cut into pieces. */
export function sineSamples(frequencyHz: number, count: number, from = 0, level = 0.3, sampleRate = 8000): Int16Array {
  return Int16Array.from({ length: count }, (_, index) =>
    Math.round(Math.sin((2 * Math.PI * frequencyHz * (from + index)) / sampleRate) * level * 32_767),
  );
}
