import { frameSamples } from "./jitter-buffer.ts";

/** What one member says in this frame, with whom it may be heard by. */
export interface Voice<Member> {
  readonly member: Member;
  readonly samples: Int16Array;
}

/** Members who hear all and are heard by all; more voices at a time are noise. */
export const loudestSpeakers = 4;

/** Adds up a frame of each voice in 32 bits. */
export function sumOf(voices: readonly { readonly samples: Int16Array }[]): Int32Array {
  const sum = new Int32Array(frameSamples);
  for (const { samples } of voices) {
    for (let at = 0; at < frameSamples; at += 1) sum[at] = (sum[at] ?? 0) + (samples[at] ?? 0);
  }
  return sum;
}

/** The sum without one's own voice (N-1), limited softly. @param own left out where the member was added up */
export function mixWithout(sum: Int32Array, own: Int16Array | undefined): Int16Array {
  const frame = new Int16Array(frameSamples);
  for (let at = 0; at < frameSamples; at += 1) frame[at] = limit((sum[at] ?? 0) - (own?.[at] ?? 0));
  return frame;
}

/** The loudest voices of a frame, in any order. */
export function loudest<Member>(voices: readonly Voice<Member>[], most = loudestSpeakers): readonly Voice<Member>[] {
  if (voices.length <= most) return voices;
  return voices
    .map((voice) => ({ voice, power: powerOf(voice.samples) }))
    .toSorted((a, b) => b.power - a.power)
    .slice(0, most)
    .map(({ voice }) => voice);
}

/** Mean square of a frame. */
export function powerOf(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : sum / samples.length;
}

const knee = 24_000;
const most = 32_767;

/** Linear up to the knee, then ever flatter: two loud voices do not crackle. */
function limit(value: number): number {
  const size = Math.abs(value);
  if (size <= knee) return value;
  const room = most - knee;
  const limited = knee + room * (1 - Math.exp((knee - size) / room));
  return value < 0 ? -limited : limited;
}
