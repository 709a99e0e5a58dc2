import type { Bands } from "../codecs/g722.ts";
import type { CodecName } from "../codecs/codec.ts";
import type { RtpHeader } from "../rtp/rtp-packet.ts";

/** A packet on its way from one phone to the other. */
export interface Relayed {
  readonly packet: Buffer;
  readonly header: RtpHeader;
  readonly codec: CodecName;
  readonly isEvent: boolean;
  readonly nowMs: number;
}

/** Decodes what one phone says; the memory is that of its stream. */
export interface Speaker {
  readonly id: string;
  /** Samples at 8 kHz; undefined where the codec only passes through. */
  decode(payload: Uint8Array): Int16Array | undefined;
  /** Both bands, where the codec has two. */
  decodeBands(payload: Uint8Array): Bands | undefined;
}

/** Where a phone's voice goes: to the other phone of its bridge, or into a mix. */
export interface Peer {
  forward(from: Speaker, relayed: Relayed): void;
  /** A packet is not sent on, and must not look like a lost one. */
  skip(): void;
  /** A key was pressed; its packets came as any other's. */
  pressed(digit: string): void;
}
