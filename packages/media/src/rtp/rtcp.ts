import type { ReceiverReport } from "./receiver-statistics.ts";

/** A report block as received, with what round-trip time needs (RFC 3550 §6.4.1). */
export interface RtcpBlock extends ReceiverReport {
  readonly lastSr: number;
  readonly delaySinceLastSr: number;
}

export interface RtcpSummary {
  /** Middle 32 bits of the NTP time of the sender report, if there was one. */
  readonly senderNtp?: number;
  readonly senderSsrc: number;
  readonly blocks: readonly RtcpBlock[];
}

const senderReport = 200;
const receiverReport = 201;
const sourceDescription = 202;

/** Seconds since 1900 as 32.32 fixed point, its middle 32 bits. */
export function compactNtp(nowMs: number): number {
  const seconds = nowMs / 1000 + 2_208_988_800;
  return Math.floor((seconds % 65_536) * 65_536) >>> 0;
}

export interface OwnReport {
  readonly ssrc: number;
  readonly cname: string;
  readonly nowMs: number;
  /** Present when packets were sent since the last report. */
  readonly sent?: { readonly timestamp: number; readonly packets: number; readonly bytes: number };
  readonly received?: ReceiverReport & { readonly lastSr: number; readonly delaySinceLastSr: number };
}

/** A compound packet: SR or RR, and SDES with the CNAME (RFC 3550 §6.1). */
export function printRtcp({ ssrc, cname, nowMs, sent, received }: OwnReport): Uint8Array {
  const blockBytes = received === undefined ? 0 : 24;
  const reportBytes = 8 + (sent === undefined ? 0 : 20) + blockBytes;
  const name = new TextEncoder().encode(cname).subarray(0, 255);
  const sdesBytes = 8 + Math.ceil((2 + name.length + 1) / 4) * 4;
  const bytes = new Uint8Array(reportBytes + sdesBytes);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 0x80 | (received === undefined ? 0 : 1));
  view.setUint8(1, sent === undefined ? receiverReport : senderReport);
  view.setUint16(2, reportBytes / 4 - 1);
  view.setUint32(4, ssrc);
  let at = 8;
  if (sent !== undefined) {
    const seconds = nowMs / 1000 + 2_208_988_800;
    view.setUint32(8, Math.floor(seconds) >>> 0);
    view.setUint32(12, Math.floor((seconds % 1) * 2 ** 32) >>> 0);
    view.setUint32(16, sent.timestamp >>> 0);
    view.setUint32(20, sent.packets >>> 0);
    view.setUint32(24, sent.bytes >>> 0);
    at = 28;
  }
  if (received !== undefined) {
    view.setUint32(at, received.ssrc);
    view.setUint32(at + 4, (received.fractionLost << 24) | (received.cumulativeLost & 0xff_ffff));
    view.setUint32(at + 8, received.highestSequence);
    view.setUint32(at + 12, received.jitter);
    view.setUint32(at + 16, received.lastSr);
    view.setUint32(at + 20, received.delaySinceLastSr);
    at += 24;
  }
  view.setUint8(at, 0x81);
  view.setUint8(at + 1, sourceDescription);
  view.setUint16(at + 2, sdesBytes / 4 - 1);
  view.setUint32(at + 4, ssrc);
  view.setUint8(at + 8, 1);
  view.setUint8(at + 9, name.length);
  bytes.set(name, at + 10);
  return bytes;
}

/** The first sender or receiver report of a compound packet; undefined when there is none or it is malformed. */
export function parseRtcp(bytes: Uint8Array): RtcpSummary | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at + 8 <= bytes.length; ) {
    const first = view.getUint8(at);
    const type = view.getUint8(at + 1);
    const length = (view.getUint16(at + 2) + 1) * 4;
    if (first >> 6 !== 2 || at + length > bytes.length) return undefined;
    if (type === senderReport || type === receiverReport) {
      const isSender = type === senderReport;
      const firstBlock = at + (isSender ? 28 : 8);
      const count = Math.min(first & 0x1f, Math.floor((at + length - firstBlock) / 24));
      return {
        senderSsrc: view.getUint32(at + 4),
        ...(isSender &&
          length >= 28 && { senderNtp: ((view.getUint16(at + 10) << 16) | view.getUint16(at + 12)) >>> 0 }),
        blocks: Array.from({ length: Math.max(0, count) }, (_, index) => blockAt(view, firstBlock + index * 24)),
      };
    }
    at += length;
  }
  return undefined;
}

function blockAt(view: DataView, at: number): RtcpBlock {
  const lost = view.getUint32(at + 4);
  return {
    ssrc: view.getUint32(at),
    fractionLost: lost >>> 24,
    cumulativeLost: (lost << 8) >> 8,
    highestSequence: view.getUint32(at + 8),
    jitter: view.getUint32(at + 12),
    lastSr: view.getUint32(at + 16),
    delaySinceLastSr: view.getUint32(at + 20),
  };
}

/** Round-trip time in milliseconds out of a block about our stream; undefined before they had a report of ours. */
export function roundTripMs(block: RtcpBlock, nowMs: number): number | undefined {
  if (block.lastSr === 0) return undefined;
  const units = (compactNtp(nowMs) - block.lastSr - block.delaySinceLastSr) | 0;
  return units < 0 ? 0 : (units / 65_536) * 1000;
}
