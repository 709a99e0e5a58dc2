export interface Wav {
  readonly sampleRate: number;
  /** One array per channel, of equal length. */
  readonly channels: readonly Int16Array[];
}

export type WavResult =
  | ({ readonly ok: true } & Wav)
  | { readonly ok: false; readonly error: "not_wav" | "unsupported" | "truncated" };

/** Reads 16-bit PCM, mono or more channels. A data chunk cut short by a crash is read as far as it goes. */
export function readWav(bytes: Uint8Array): WavResult {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 12 || text(bytes, 0) !== "RIFF" || text(bytes, 8) !== "WAVE")
    return { ok: false, error: "not_wav" };
  let format: { readonly channels: number; readonly sampleRate: number } | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = text(bytes, at);
    const size = view.getUint32(at + 4, true);
    const start = at + 8;
    if (name === "fmt ") {
      if (start + 16 > bytes.length) return { ok: false, error: "truncated" };
      const tag = view.getUint16(start, true);
      // The extensible form has the tag in the first bytes of a longer name.
      const isExtensible = tag === 0xfffe && size >= 40 && start + 40 <= bytes.length;
      const coding = isExtensible ? view.getUint16(start + 24, true) : tag;
      if (coding !== 1 || view.getUint16(start + 14, true) !== 16) return { ok: false, error: "unsupported" };
      format = { channels: view.getUint16(start + 2, true), sampleRate: view.getUint32(start + 4, true) };
    }
    if (name === "data") {
      if (format === undefined || format.channels === 0) return { ok: false, error: "unsupported" };
      const end = Math.min(bytes.length, size === 0 || size === 0xffff_ffff ? bytes.length : start + size);
      return { ok: true, sampleRate: format.sampleRate, channels: split(view, start, end, format.channels) };
    }
    at = start + size + (size % 2);
  }
  return { ok: false, error: "truncated" };
}

export function writeWav({ sampleRate, channels }: Wav): Uint8Array {
  const count = channels[0]?.length ?? 0;
  const dataBytes = count * channels.length * 2;
  const bytes = new Uint8Array(44 + dataBytes);
  const view = new DataView(bytes.buffer);
  bytes.set(wavHeader(sampleRate, channels.length, dataBytes));
  for (let index = 0; index < count; index += 1) {
    for (const [channel, samples] of channels.entries()) {
      view.setInt16(44 + (index * channels.length + channel) * 2, samples[index] ?? 0, true);
    }
  }
  return bytes;
}

/** The 44 bytes in front of 16-bit PCM; written again when a recording ends, or after a crash. */
export function wavHeader(sampleRate: number, channels: number, dataBytes: number): Uint8Array {
  const bytes = new Uint8Array(44);
  const view = new DataView(bytes.buffer);
  const put = (at: number, name: string): void => bytes.set(new TextEncoder().encode(name), at);
  put(0, "RIFF");
  view.setUint32(4, 36 + dataBytes, true);
  put(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * channels * 2, true);
  view.setUint16(32, channels * 2, true);
  view.setUint16(34, 16, true);
  put(36, "data");
  view.setUint32(40, dataBytes, true);
  return bytes;
}

function split(view: DataView, start: number, end: number, count: number): readonly Int16Array[] {
  const frames = Math.floor((end - start) / (2 * count));
  // The one channel of most files as it lies there, where this machine has its bytes in that order too.
  if (count === 1 && isLittleEndian) {
    return [new Int16Array(view.buffer.slice(view.byteOffset + start, view.byteOffset + start + frames * 2))];
  }
  return Array.from({ length: count }, (_, channel) =>
    Int16Array.from({ length: frames }, (_sample, index) => view.getInt16(start + (index * count + channel) * 2, true)),
  );
}

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function text(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
