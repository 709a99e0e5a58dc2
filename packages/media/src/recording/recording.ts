import type { RecordingFile } from "./recording-file.ts";
import { recordingRate, RecordingTrack, type TappedPacket } from "./recording-track.ts";

export type RecordingFailure = NonNullable<RecordingFile["failure"]> | "codec";

/** 20 ms of both channels. */
const frameMs = 20;
const frameSamples = (recordingRate * frameMs) / 1000;
/** A packet may be so late and still find its place; nobody waits for a recording. */
const lagSamples = recordingRate / 5;
/** Half a second is written at once. */
const framesPerBlock = 25;

/**
 * Two channels on one clock, in steps of 20 ms: the left one is one party, the right one everybody else. A channel whose
 * party sends nothing is silent; the time of a pause is left out.
 */
export class Recording {
  readonly file: RecordingFile;
  readonly #startedMs: number;
  readonly #tracks = new Map<string, { readonly track: RecordingTrack; readonly channel: 0 | 1 }>();
  #pausedMs = 0;
  #pausedSinceMs: number | undefined;
  #written = 0;
  #block = new Int16Array(0);
  #blockFrames = 0;
  #failure: RecordingFailure | undefined;

  constructor(file: RecordingFile, nowMs: number) {
    this.file = file;
    this.#startedMs = nowMs;
  }

  get failure(): RecordingFailure | undefined {
    return this.#failure ?? this.file.failure;
  }

  /** Who is recorded from now on, by id, and where. */
  setParties(parties: ReadonlyMap<string, 0 | 1>, nowMs: number): void {
    this.#writeUpTo(this.#clock(nowMs));
    for (const id of this.#tracks.keys()) if (!parties.has(id)) this.#tracks.delete(id);
    for (const [id, channel] of parties) {
      const track = this.#tracks.get(id)?.track ?? new RecordingTrack();
      track.reset();
      this.#tracks.set(id, { track, channel });
    }
  }

  take(party: string, packet: TappedPacket, nowMs: number): void {
    if (this.#pausedSinceMs !== undefined) return;
    const isDecoded = this.#tracks.get(party)?.track.take(packet, this.#clock(nowMs), this.#written);
    if (isDecoded === false) this.#failure ??= "codec";
  }

  setPaused(isPaused: boolean, nowMs: number): void {
    if (isPaused === (this.#pausedSinceMs !== undefined)) return;
    if (this.#pausedSinceMs === undefined) {
      this.#writeUpTo(this.#clock(nowMs));
      this.#pausedSinceMs = nowMs;
    } else {
      this.#pausedMs += nowMs - this.#pausedSinceMs;
      this.#pausedSinceMs = undefined;
    }
    for (const { track } of this.#tracks.values()) track.reset();
  }

  /** Now and then: hands over what is old enough. */
  advance(nowMs: number): void {
    this.#writeUpTo(this.#clock(nowMs) - lagSamples);
  }

  /** Everything up to now, and the end of the file. */
  async finish(nowMs: number): Promise<void> {
    this.#writeUpTo(this.#clock(nowMs));
    this.#flushBlock();
    await this.file.close();
  }

  /** The sample that is being said now. */
  #clock(nowMs: number): number {
    const elapsedMs = (this.#pausedSinceMs ?? nowMs) - this.#startedMs - this.#pausedMs;
    return Math.max(0, Math.round((elapsedMs * recordingRate) / 1000));
  }

  #writeUpTo(sample: number): void {
    while (this.#written + frameSamples <= sample && this.failure === undefined) {
      if (this.#blockFrames === 0) this.#block = new Int16Array(2 * frameSamples * framesPerBlock);
      const at = this.#blockFrames * frameSamples * 2;
      const frame = this.#block.subarray(at, at + 2 * frameSamples);
      for (const { track, channel } of this.#tracks.values()) track.mixInto(frame, channel, this.#written);
      this.#written += frameSamples;
      this.#blockFrames += 1;
      if (this.#blockFrames === framesPerBlock) this.#flushBlock();
    }
  }

  #flushBlock(): void {
    if (this.#blockFrames === 0) return;
    const samples = this.#block.subarray(0, this.#blockFrames * frameSamples * 2);
    this.#blockFrames = 0;
    this.file.append(littleEndian(samples));
  }
}

/** As WAV wants it, whatever the machine's own order is. */
function littleEndian(samples: Int16Array): Uint8Array {
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  if (isBigEndian) Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).swap16();
  return bytes;
}

const isBigEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 0;
