import type { Baresip } from "./baresip.ts";
import { type Sound, untilSoundsLike } from "./tone.ts";

/** One tone of a mix of two; nothing of a tone where others are loud. */
export const isPart = ({ share, loudness }: Sound): boolean => loudness > 300 && share > 0.25;
export const isAlone = ({ share, loudness }: Sound): boolean => loudness > 300 && share > 0.9;
export const isAbsent = ({ share, loudness }: Sound): boolean => loudness > 300 && share < 0.03;

/** The last seconds of what a phone heard have these tones, and none of those. */
export async function hears(phone: Baresip, present: readonly number[], absent: readonly number[]): Promise<void> {
  for (const hz of present) await untilSoundsLike(phone.heardFiles, hz, isPart);
  for (const hz of absent) await untilSoundsLike(phone.heardFiles, hz, isAbsent);
}
