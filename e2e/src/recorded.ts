import { goertzel, readWav } from "@pbx-x/media";
import type { World } from "./world.ts";

/** A recording as it was fetched over REST. */
export interface Recorded {
  readonly bytes: Uint8Array;
  readonly seconds: number;
  /** Share of a tone in a piece of a channel, 0–1; without a piece in all of it. */
  share(channel: "left" | "right", frequencyHz: number, fromSeconds?: number, toSeconds?: number): number;
  /** Whether a tone is clearly there for half a second anywhere in a channel. */
  has(channel: "left" | "right", frequencyHz: number): boolean;
}

const rate = 8000;

/** Fetches the file as a player would, with the token of the administrator or another one. */
export async function fetchRecorded(
  { server, token }: Pick<World, "server" | "token">,
  recordingId: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Recorded> {
  const response = await fetch(`${server.url}/api/v1/recordings/${recordingId}/stream`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return readRecorded(new Uint8Array(await response.arrayBuffer()));
}

export function readRecorded(bytes: Uint8Array): Recorded {
  const wav = readWav(bytes);
  if (!wav.ok || wav.sampleRate !== rate || wav.channels.length !== 2) throw new Error("no recording");
  const samplesOf = (channel: "left" | "right"): Int16Array =>
    wav.channels[channel === "left" ? 0 : 1] ?? new Int16Array();
  const seconds = samplesOf("left").length / rate;
  const share: Recorded["share"] = (channel, hz, from = 0, to = seconds) =>
    goertzel(samplesOf(channel).subarray(Math.round(from * rate), Math.round(to * rate)), hz, rate);
  return {
    bytes,
    seconds,
    share,
    has: (channel, hz) => {
      for (let from = 0; from + 0.5 <= seconds; from += 0.25)
        if (share(channel, hz, from, from + 0.5) > 0.8) return true;
      return false;
    },
  };
}
