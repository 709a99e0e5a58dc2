import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { readPeaks } from "./peaks.ts";

/** A file whose left channel rises from silence to full scale, in chunks of an odd size. */
function rising(frames: number, chunkBytes: number) {
  const bytes = Buffer.alloc(44 + frames * 4);
  for (let frame = 0; frame < frames; frame += 1) {
    bytes.writeInt16LE(-Math.round((32_768 * (frame + 1)) / frames), 44 + frame * 4);
  }
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) =>
    bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );
  return { file: Readable.from(chunks), size: bytes.length };
}

describe("a waveform", () => {
  it("[R8] has the loudest of each part, however the file comes in pieces", async () => {
    for (const chunkBytes of [7, 45, 1000, 100_000]) {
      const { file, size } = rising(1000, chunkBytes);
      expect(await readPeaks(file, size, 4)).toEqual({ left: [25, 50, 75, 100], right: [0, 0, 0, 0] });
    }
  });

  it("[R8] of hours looks at some samples only, and finds the same", async () => {
    const { file, size } = rising(6_000_000, 65_521);
    expect((await readPeaks(file, size, 4)).left).toEqual([25, 50, 75, 100]);
  });

  it("gives no more points than there are samples", async () => {
    const { file, size } = rising(2, 100);
    expect((await readPeaks(file, size, 800)).left).toEqual([50, 100]);
    expect(await readPeaks(Readable.from([Buffer.alloc(44)]), 44, 800)).toEqual({ left: [], right: [] });
  });
});
