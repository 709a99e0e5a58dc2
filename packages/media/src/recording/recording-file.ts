import { type FileHandle, open, rm } from "node:fs/promises";
import { wavHeader } from "../wav/wav.ts";
import { recordingRate } from "./recording-track.ts";
import type { WriteTurns } from "./write-turns.ts";

/** Why a recording's file could not be written on. */
export type FileFailure = "disk_full" | "disk_slow" | "write_failed" | "too_long";

export interface RecordingFileLimits {
  /** Voice that may wait for the disk; half a minute by default. */
  readonly maxWaitingBytes: number;
  /** Longest file; 2 GiB by default, 18 hours. */
  readonly maxBytes: number;
}

export const recordingFileLimits: RecordingFileLimits = { maxWaitingBytes: 1024 * 1024, maxBytes: 2 * 1024 ** 3 };

const headerBytes = 44;
/** Two channels of 16 bits. */
const frameBytes = 4;
/** The header is made to fit after so much, about 5 s: what a crash leaves behind can be played. */
const headerEvery = 5 * recordingRate * frameBytes;

/** A stereo WAV file that grows without making anybody wait. It fails once, cleanly: what was written stays playable. */
export class RecordingFile {
  readonly #handle: Pick<FileHandle, "write" | "datasync" | "close">;
  readonly #turns: WriteTurns;
  readonly #limits: RecordingFileLimits;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #bytes = headerBytes;
  #headerAt = headerBytes;
  #failure: FileFailure | undefined;
  #pump: Promise<void> | undefined;

  constructor(
    handle: Pick<FileHandle, "write" | "datasync" | "close">,
    turns: WriteTurns,
    limits: RecordingFileLimits,
  ) {
    this.#handle = handle;
    this.#turns = turns;
    this.#limits = limits;
  }

  /** A new file; rejects with the error of the file system, also where one is there already. */
  static async create(path: string, turns: WriteTurns, limits = recordingFileLimits): Promise<RecordingFile> {
    const handle = await open(path, "wx", 0o600);
    try {
      await handle.write(wavHeader(recordingRate, 2, 0));
    } catch (error) {
      await handle.close().catch(() => undefined);
      await rm(path, { force: true });
      throw error;
    }
    return new RecordingFile(handle, turns, limits);
  }

  get failure(): FileFailure | undefined {
    return this.#failure;
  }

  /** Bytes of the file, whole samples only. */
  get bytes(): number {
    return this.#bytes - (this.#bytes % frameBytes);
  }

  get durationMs(): number {
    return ((this.bytes - headerBytes) / frameBytes) * (1000 / recordingRate);
  }

  /** Takes a block over; it is the file's from now on. */
  append(block: Uint8Array): void {
    if (this.#failure !== undefined) return;
    if (this.#waitingBytes + block.length > this.#limits.maxWaitingBytes) return this.#fail("disk_slow");
    if (this.#bytes + this.#waitingBytes + block.length > this.#limits.maxBytes) return this.#fail("too_long");
    this.#waiting.push(block);
    this.#waitingBytes += block.length;
    this.#pump ??= this.#writeAll();
  }

  /** Resolves when everything is on the disk, or will never be. */
  async close(): Promise<void> {
    while (this.#pump !== undefined) await this.#pump;
    await this.#turns.run(async () => {
      try {
        // Over what is there already: this works on a full disk too.
        await this.#writeHeader();
        await this.#handle.datasync();
      } catch {
        this.#failure ??= "write_failed";
      }
      await this.#handle.close().catch(() => undefined);
    });
  }

  async #writeAll(): Promise<void> {
    for (let block = this.#waiting.shift(); block !== undefined; block = this.#waiting.shift()) {
      const bytes = block;
      try {
        await this.#turns.run(() => this.#write(bytes));
      } catch (error) {
        this.#fail(isFull(error) ? "disk_full" : "write_failed");
      }
      this.#waitingBytes -= Math.min(this.#waitingBytes, bytes.length);
    }
    this.#pump = undefined;
  }

  async #write(block: Uint8Array): Promise<void> {
    for (let at = 0; at < block.length; ) {
      const { bytesWritten } = await this.#handle.write(block, at, block.length - at, this.#bytes);
      if (bytesWritten === 0) throw Object.assign(new Error("nothing was written"), { code: "ENOSPC" });
      at += bytesWritten;
      this.#bytes += bytesWritten;
    }
    if (this.#bytes - this.#headerAt >= headerEvery) await this.#writeHeader();
  }

  async #writeHeader(): Promise<void> {
    this.#headerAt = this.#bytes;
    await this.#handle.write(wavHeader(recordingRate, 2, this.bytes - headerBytes), 0, headerBytes, 0);
  }

  #fail(failure: FileFailure): void {
    this.#failure ??= failure;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}

/** No room on the disk, or none left for this user. */
export function isFull(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG";
}
