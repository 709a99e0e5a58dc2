import { readFile } from "node:fs/promises";
import { goertzel, readWav } from "@pbx-x/media";
import type { ContractRecording } from "@pbx-x/telephony/contract";
import { PhoneCall } from "./phone-call.ts";

/** Whether the tone is all there is for a tenth of a second. */
function hasTone(samples: Int16Array, frequencyHz: number): boolean {
  const window = 800;
  for (let from = 0; from + window <= samples.length; from += window / 2) {
    if (goertzel(samples.subarray(from, from + window), frequencyHz) > 0.7) return true;
  }
  return false;
}

/** What is in a recording's file, told by the tones that phones say. */
export async function readRecording(path: string): Promise<ContractRecording> {
  const wav = readWav(await readFile(path));
  if (!wav.ok) throw new Error(`${path}: ${wav.error}`);
  const [left = new Int16Array(), right = new Int16Array()] = wav.channels;
  return {
    durationMs: left.length / 8,
    has: (channel, call) => call instanceof PhoneCall && hasTone(channel === "left" ? left : right, call.frequencyHz),
  };
}
