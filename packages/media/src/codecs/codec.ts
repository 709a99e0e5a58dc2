import { decodeALaw, decodeMuLaw, encodeALaw, encodeMuLaw } from "./g711.ts";
import { type Bands, G722Decoder, G722Encoder } from "./g722.ts";

export const codecNames = ["PCMA", "PCMU", "G722", "opus"] as const;
export type CodecName = (typeof codecNames)[number];

export interface CodecInfo {
  readonly name: CodecName;
  /** RTP clock as SDP writes it; G.722 says 8000 though it samples 16000 times (RFC 3551 §4.5.2). */
  readonly clockRate: number;
  readonly channels: number;
  /** Static payload type, where the codec has one. */
  readonly payloadType?: number;
  readonly fmtp?: string;
}

export const codecs: Readonly<Record<CodecName, CodecInfo>> = {
  PCMA: { name: "PCMA", clockRate: 8000, channels: 1, payloadType: 8 },
  PCMU: { name: "PCMU", clockRate: 8000, channels: 1, payloadType: 0 },
  G722: { name: "G722", clockRate: 8000, channels: 1, payloadType: 9 },
  opus: { name: "opus", clockRate: 48_000, channels: 2, fmtp: "useinbandfec=1" },
};

/** Decoder and encoder between a codec's payload and 16-bit samples at 8 kHz, each with a memory of its stream. */
export interface Transcoder {
  decode(payload: Uint8Array): Int16Array;
  encode(samples: Int16Array): Uint8Array;
  /** Where the codec has more than 8 kHz: with the band above 4 kHz, too. */
  readonly wide?: {
    decode(payload: Uint8Array): Bands;
    encode(bands: Bands): Uint8Array;
  };
}

/** One per stream; undefined for codecs that only pass through. */
export function createTranscoder(name: CodecName): Transcoder | undefined {
  switch (name) {
    case "PCMA":
      return { decode: decodeALaw, encode: encodeALaw };
    case "PCMU":
      return { decode: decodeMuLaw, encode: encodeMuLaw };
    case "G722":
      return createG722();
    case "opus":
      return undefined;
  }
}

function createG722(): Transcoder {
  const decoder = new G722Decoder();
  const encoder = new G722Encoder();
  return {
    decode: (payload) => decoder.decodeNarrow(payload),
    encode: (samples) => encoder.encodeNarrow(samples),
    wide: {
      decode: (payload) => decoder.decodeBands(payload),
      encode: (bands) => encoder.encodeBands(bands),
    },
  };
}
