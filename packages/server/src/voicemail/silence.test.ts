import { Readable } from "node:stream";
import { expect, it } from "vitest";
import { isSilentTail } from "./silence.ts";

/** A recording whose left channel is as loud as told, second by second. */
function fileOf(...peaks: readonly number[]) {
  const bytes = Buffer.alloc(44 + peaks.length * 32_000);
  for (const [second, peak] of peaks.entries()) bytes.writeInt16LE(peak, 44 + second * 32_000 + 16_000);
  return {
    size: async () => bytes.length,
    read: (_key: string, range?: { readonly start: number; readonly end: number }) =>
      Readable.from([bytes.subarray(range?.start, (range?.end ?? bytes.length) + 1)]),
  };
}

it.each([
  [[9000, 9000], false],
  [[9000, 100], true],
  [[0, -9000], false],
  [[100, 9000], false],
  [[], undefined],
] as const)("[V30] the last second of a message with peaks %j: silent %s", async (peaks, expected) => {
  expect(await isSilentTail(fileOf(...peaks), "a/b.wav", 1000)).toBe(expected);
});
