import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CodecName, createTranscoder } from "../codecs/codec.ts";
import { sineSamples } from "../tones/tone.ts";
import { readWav, type Wav } from "../wav/wav.ts";
import { RecordingFile, recordingFileLimits } from "./recording-file.ts";
import { Recording } from "./recording.ts";
import { WriteTurns } from "./write-turns.ts";

/** A recording on a clock that the test moves, and parties who send tones. */
export interface RecordingBench {
  readonly recording: Recording;
  nowMs: number;
  /** Lets time pass in steps of 20 ms; in each, these parties send a packet. */
  pass(ms: number, ...speaking: readonly Speaker[]): void;
  finish(): Promise<Wav>;
  remove(): Promise<void>;
}

export interface Speaker {
  readonly party: string;
  /** The next packet; `undefined` when it is lost on the way. */
  packet(): { readonly timestamp: number; readonly payload: Uint8Array } | undefined;
  readonly ssrc: number;
  readonly codec: CodecName;
}

export function speaker(
  party: string,
  hz: number,
  { codec = "PCMA", ssrc = hz, from = 0, isLost = (_packet: number): boolean => false } = {},
): Speaker {
  const transcoder = createTranscoder(codec as CodecName);
  let count = 0;
  return {
    party,
    ssrc,
    codec: codec as CodecName,
    packet: () => {
      const samples = sineSamples(hz, 160, count * 160);
      const payload = transcoder?.encode(samples) ?? new Uint8Array(160);
      const timestamp = (from + count * 160) >>> 0;
      count += 1;
      return isLost(count - 1) ? undefined : { timestamp, payload };
    },
  };
}

export async function createRecordingBench(): Promise<RecordingBench> {
  const dir = await mkdtemp(join(tmpdir(), "pbx-x-recording-"));
  const path = join(dir, "a.wav");
  // Tests let minutes pass at once, faster than any disk.
  const limits = { ...recordingFileLimits, maxWaitingBytes: 2 ** 28 };
  const recording = new Recording(await RecordingFile.create(path, new WriteTurns(), limits), 0);
  recording.setParties(
    new Map([
      ["left", 0],
      ["right", 1],
    ]),
    0,
  );
  const bench: RecordingBench = {
    recording,
    nowMs: 0,
    pass: (ms, ...speaking) => {
      for (const end = bench.nowMs + ms; bench.nowMs < end; bench.nowMs += 20) {
        for (const { party, ssrc, codec, packet } of speaking) {
          const next = packet();
          if (next !== undefined) recording.take(party, { ssrc, codec, ...next }, bench.nowMs);
        }
        recording.advance(bench.nowMs);
      }
    },
    finish: async () => {
      await recording.finish(bench.nowMs);
      const wav = readWav(await readFile(path));
      if (!wav.ok) throw new Error(wav.error);
      return wav;
    },
    remove: () => rm(dir, { recursive: true }),
  };
  return bench;
}
