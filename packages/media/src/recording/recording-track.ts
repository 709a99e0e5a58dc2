import { type CodecName, createTranscoder, type Transcoder } from "../codecs/codec.ts";

/** One packet of voice on its way through the relay. */
export interface TappedPacket {
  readonly ssrc: number;
  /** RTP clock; all codecs that can be decoded count 8000 a second (RFC 3551 §4.5.2 for G.722). */
  readonly timestamp: number;
  readonly codec: CodecName;
  readonly payload: Uint8Array;
}

/** Samples per second of every recording. */
export const recordingRate = 8000;
/** Two seconds: longer than any packet waits here. */
const ringSamples = 2 * recordingRate;
/** So far may a stream be ahead of the clock before it is put in its place again. */
const maxAhead = recordingRate / 5;
/** A jump of the stream's own time, as at a new beginning. */
const maxJump = recordingRate;
/** So long may a stream be too late before it is put in its place again. */
const maxLate = recordingRate / 2;

/**
 * One party's voice on the time of a recording: each packet is put where its timestamp says, so that order and gaps of
 * the network do not matter; what never came is silence. The first packet of a stream sets its place by its arrival.
 */
export class RecordingTrack {
  readonly #ring = new Int16Array(ringSamples);
  #codec: CodecName | undefined;
  #transcoder: Transcoder | undefined;
  #ssrc = 0;
  #place: { readonly timestamp: number; readonly at: number } | undefined;
  #lateSince: number | undefined;

  /**
   * @param now the sample that is being said now
   * @param written samples before this one are in the file already
   * @returns false when the codec cannot be decoded
   */
  take(packet: TappedPacket, now: number, written: number): boolean {
    if (packet.codec !== this.#codec) {
      this.#codec = packet.codec;
      this.#transcoder = createTranscoder(packet.codec);
    }
    if (this.#transcoder === undefined) return false;
    const samples = this.#transcoder.decode(packet.payload);
    const at = this.#placeOf(packet, now, written);
    if (at + samples.length > written + ringSamples) return true;
    for (let index = Math.max(0, written - at); index < samples.length; index += 1) {
      this.#ring[(at + index) % ringSamples] = samples[index] ?? 0;
    }
    return true;
  }

  /** Adds what was said from a sample on to one channel of interleaved samples, and forgets it. */
  mixInto(frame: Int16Array, channel: 0 | 1, from: number): void {
    for (let index = channel, at = from; index < frame.length; index += 2, at += 1) {
      const sum = (frame[index] ?? 0) + (this.#ring[at % ringSamples] ?? 0);
      frame[index] = Math.max(-32_768, Math.min(32_767, sum));
      this.#ring[at % ringSamples] = 0;
    }
  }

  /** The recording's time made a jump, or everything was written up to now: the next packet sets the place anew. */
  reset(): void {
    this.#ring.fill(0);
    this.#place = undefined;
    this.#lateSince = undefined;
  }

  #placeOf({ ssrc, timestamp }: TappedPacket, now: number, written: number): number {
    const place = ssrc === this.#ssrc ? this.#place : undefined;
    const at = place === undefined ? now : place.at + ((timestamp - place.timestamp) | 0);
    this.#ssrc = ssrc;
    const isLate = at < written;
    this.#lateSince = isLate ? (this.#lateSince ?? now) : undefined;
    const isLost = Math.abs(at - now) > maxJump || at - now > maxAhead || now - (this.#lateSince ?? now) > maxLate;
    if (isLost) this.#lateSince = undefined;
    this.#place = { timestamp, at: isLost ? now : at };
    return this.#place.at;
  }
}
