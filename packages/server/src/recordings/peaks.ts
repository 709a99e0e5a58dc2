import type { Readable } from "node:stream";
import { framesOf, wavFrameBytes, wavHeaderBytes } from "./wav-layout.ts";

/** Loudest samples of equal parts of both channels, 0–100 of full scale: a waveform. */
export interface Peaks {
  readonly left: readonly number[];
  readonly right: readonly number[];
}

/** Most samples looked at per channel, four minutes; of longer files every so many, so that hours cost no more. */
const maxFrames = 2_000_000;

/** Reads the file once, piece by piece, and holds nothing of it. @param points at most so many; short files give fewer */
export async function readPeaks(file: Readable, fileBytes: number, points: number): Promise<Peaks> {
  const frames = framesOf(fileBytes);
  const count = Math.min(points, frames);
  const step = Math.max(1, Math.ceil(frames / maxFrames));
  const highest = [new Float64Array(count), new Float64Array(count)] as const;
  let skip = wavHeaderBytes;
  let rest: Buffer = Buffer.alloc(0);
  let frame = 0;
  for await (const chunk of file) {
    // A read stream without an encoding gives buffers.
    let bytes = chunk as Buffer;
    const skipped = Math.min(skip, bytes.length);
    skip -= skipped;
    bytes = rest.length === 0 ? bytes.subarray(skipped) : Buffer.concat([rest, bytes.subarray(skipped)]);
    const whole = bytes.length - (bytes.length % wavFrameBytes);
    const first = frame;
    frame += whole / wavFrameBytes;
    for (let next = Math.ceil(first / step) * step; next < Math.min(frame, frames); next += step) {
      const at = (next - first) * wavFrameBytes;
      const point = Math.floor((next * count) / frames);
      for (const channel of [0, 1] as const) {
        const level = Math.abs(bytes.readInt16LE(at + 2 * channel));
        if (level > (highest[channel][point] ?? 0)) highest[channel][point] = level;
      }
    }
    rest = bytes.subarray(whole);
  }
  const [left, right] = highest.map((levels) => Array.from(levels, (level) => Math.round((level * 100) / 32_768)));
  return { left: left ?? [], right: right ?? [] };
}
