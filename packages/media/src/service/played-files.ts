import { readFile, stat } from "node:fs/promises";
import { playedRate } from "../wav/convert.ts";
import { readWav } from "../wav/wav.ts";

interface Kept {
  readonly mtimeMs: number;
  readonly size: number;
  readonly samples: Int16Array;
}

/** Music is played to many at once: what was read last is kept, in memory that all threads share. */
const maxKept = 8;

/** Files that are played, read once as long as they do not change. */
export class PlayedFiles {
  readonly #maxBytes: number;
  readonly #kept = new Map<string, Kept>();

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Undefined where there is no such file, or none that can be played. */
  async samplesOf(path: string): Promise<Int16Array | undefined> {
    try {
      const { mtimeMs, size } = await stat(path);
      if (size > this.#maxBytes) return undefined;
      const known = this.#kept.get(path);
      if (known?.mtimeMs === mtimeMs && known.size === size) return known.samples;
      const wav = readWav(await readFile(path));
      const [samples] = wav.ok && wav.sampleRate === playedRate ? wav.channels : [];
      if (samples === undefined) return undefined;
      const shared = new Int16Array(new SharedArrayBuffer(samples.byteLength));
      shared.set(samples);
      this.#keep(path, { mtimeMs, size, samples: shared });
      return shared;
    } catch {
      return undefined;
    }
  }

  #keep(path: string, kept: Kept): void {
    this.#kept.delete(path);
    this.#kept.set(path, kept);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= maxKept) return;
      this.#kept.delete(oldest);
    }
  }
}
