import type { CodecName, Transcoder } from "../codecs/codec.ts";

/** 20 ms of a mix, as several phones may be sent it: what G.711 makes of it is made once. */
export class MixedFrame {
  /** Up to 4 kHz, at 8 kHz. */
  readonly lower: Int16Array;
  /** What is above 4 kHz; undefined where nobody says anything there that anybody could hear. */
  readonly higher: Int16Array | undefined;
  readonly #payloads = new Map<CodecName, Uint8Array>();

  constructor(lower: Int16Array, higher?: Int16Array) {
    this.lower = lower;
    this.higher = higher;
  }

  /** @param transcoder the phone's own: G.722 has a memory of its stream, which is nobody else's */
  payload(codec: CodecName, transcoder: Transcoder | undefined): Uint8Array | undefined {
    const known = this.#payloads.get(codec);
    if (known !== undefined || transcoder === undefined) return known;
    const { lower, higher } = this;
    if (transcoder.wide !== undefined) {
      return higher === undefined ? transcoder.encode(lower) : transcoder.wide.encode({ lower, higher });
    }
    const payload = transcoder.encode(lower);
    this.#payloads.set(codec, payload);
    return payload;
  }
}
