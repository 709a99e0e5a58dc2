/** The port's files: a header of 44 bytes, then frames of two channels with 16 bits each, 8000 a second. */
export const wavHeaderBytes = 44;
export const wavFrameBytes = 4;
export const wavFramesPerSecond = 8000;

/** Whole frames that a file of so many bytes holds. */
export function framesOf(fileBytes: number): number {
  return Math.max(0, Math.floor((fileBytes - wavHeaderBytes) / wavFrameBytes));
}

export function durationMsOf(fileBytes: number): number {
  return (framesOf(fileBytes) * 1000) / wavFramesPerSecond;
}

/** What makes the header fit a file that was left behind in the middle ([C52]): both sizes, of whole frames. */
export function headerRepair(fileBytes: number): readonly { readonly at: number; readonly bytes: Uint8Array }[] {
  const dataBytes = framesOf(fileBytes) * wavFrameBytes;
  return [
    { at: 4, bytes: uint32(wavHeaderBytes - 8 + dataBytes) },
    { at: 40, bytes: uint32(dataBytes) },
  ];
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}
