const sampleRate = 8000;

/** Broken chords of our own, eight bars: C, G, A minor, F, C, A minor, F, G (MIDI note numbers). */
const chords: readonly (readonly number[])[] = [
  [48, 60, 64, 67],
  [43, 59, 62, 67],
  [45, 60, 64, 69],
  [41, 60, 65, 69],
  [48, 60, 64, 67],
  [45, 57, 60, 64],
  [41, 57, 60, 65],
  [43, 59, 62, 65],
];
/** Which of a chord's notes sound on the eighths of a bar; the bass is held under them. */
const pattern = [1, 2, 3, 2, 1, 2, 3, 2] as const;
const eighthSeconds = 0.25;
const level = 0.12;

let made: Int16Array | undefined;

/**
 * Music for who waits, 16 s that can be looped, at 8 kHz. Computed once; in shared memory, so that no thread needs a copy.
 */
export function holdMusicSamples(): Int16Array {
  made ??= compose();
  return made;
}

function compose(): Int16Array {
  const eighth = Math.round(eighthSeconds * sampleRate);
  const bar = eighth * pattern.length;
  const mixed = new Float64Array(bar * chords.length);
  for (const [index, chord] of chords.entries()) {
    addNote(mixed, { at: index * bar, note: chord[0] ?? 48, loudness: 0.8, decaySeconds: 1.2 });
    for (const [step, voice] of pattern.entries()) {
      addNote(mixed, { at: index * bar + step * eighth, note: chord[voice] ?? 60, loudness: 1, decaySeconds: 0.35 });
    }
  }
  const samples = new Int16Array(new SharedArrayBuffer(mixed.length * 2));
  for (const [index, value] of mixed.entries()) samples[index] = Math.round(Math.tanh(value * level) * 32_767);
  return samples;
}

interface Note {
  /** First sample. */
  readonly at: number;
  readonly note: number;
  readonly loudness: number;
  readonly decaySeconds: number;
}

/** A plucked tone with two overtones; what sounds over the end goes on at the beginning, so the loop has no seam. */
function addNote(mixed: Float64Array, { at, note, loudness, decaySeconds }: Note): void {
  const frequency = 440 * 2 ** ((note - 69) / 12);
  const length = Math.round(decaySeconds * 5 * sampleRate);
  const attack = sampleRate / 100;
  for (let index = 0; index < length; index += 1) {
    const seconds = index / sampleRate;
    const phase = 2 * Math.PI * frequency * seconds;
    const wave = Math.sin(phase) + 0.4 * Math.sin(2 * phase) + 0.15 * Math.sin(3 * phase);
    const envelope = Math.min(1, index / attack) * Math.exp(-seconds / decaySeconds);
    const place = (at + index) % mixed.length;
    mixed[place] = (mixed[place] ?? 0) + wave * envelope * loudness;
  }
}
