import { decodeALaw, decodeMuLaw, encodeALaw, encodeMuLaw } from "./g711.ts";

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

/** Decoder and encoder between a codec's payload and 16-bit samples at 8 kHz; undefined for codecs that only pass through. */
export interface Transcoder {
  decode(payload: Uint8Array): Int16Array;
  encode(samples: Int16Array): Uint8Array;
}

const transcoders: Partial<Readonly<Record<CodecName, Transcoder>>> = {
  PCMA: { decode: decodeALaw, encode: encodeALaw },
  PCMU: { decode: decodeMuLaw, encode: encodeMuLaw },
};

export function transcoderOf(name: CodecName): Transcoder | undefined {
  return transcoders[name];
}
