import type { CodecName } from "../codecs/codec.ts";

/** 20 ms of a mix, as several phones may be sent it: what G.711 makes of it is made once. */
export class MixedFrame {
  readonly samples: Int16Array;
  readonly #payloads = new Map<CodecName, Uint8Array>();

  constructor(samples: Int16Array) {
    this.samples = samples;
  }

  /** @param encode the phone's own encoder: G.722 has a memory of its stream, which is nobody else's */
  payload(codec: CodecName, encode: (samples: Int16Array) => Uint8Array | undefined): Uint8Array | undefined {
    const known = this.#payloads.get(codec);
    if (known !== undefined) return known;
    const payload = encode(this.samples);
    if (payload !== undefined && (codec === "PCMA" || codec === "PCMU")) this.#payloads.set(codec, payload);
    return payload;
  }
}
