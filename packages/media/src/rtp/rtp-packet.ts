/** Header fields of an RTP packet (RFC 3550 §5.1), read in place. */
export interface RtpHeader {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  /** Where the payload begins and ends. */
  readonly payloadStart: number;
  readonly payloadEnd: number;
}

/** Undefined for what is not RTP version 2, too short for its own header, or padded by a wrong count (RFC 3550 §A.1). */
export function parseRtp(packet: Uint8Array): RtpHeader | undefined {
  if (packet.length < 12) return undefined;
  const first = packet[0] ?? 0;
  if (first >> 6 !== 2) return undefined;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  const second = packet[1] ?? 0;
  let payloadStart = 12 + (first & 0x0f) * 4;
  if ((first & 0x10) !== 0) {
    if (payloadStart + 4 > packet.length) return undefined;
    payloadStart += 4 + view.getUint16(payloadStart + 2) * 4;
  }
  const isPadded = (first & 0x20) !== 0;
  const padding = isPadded ? (packet[packet.length - 1] ?? 0) : 0;
  if (isPadded && padding === 0) return undefined;
  const payloadEnd = packet.length - padding;
  if (payloadStart > payloadEnd) return undefined;
  return {
    payloadType: second & 0x7f,
    marker: (second & 0x80) !== 0,
    sequence: view.getUint16(2),
    timestamp: view.getUint32(4),
    ssrc: view.getUint32(8),
    payloadStart,
    payloadEnd,
  };
}

export interface RtpFields {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
}

/** Overwrites the fixed header of a packet; extension, CSRCs and payload stay. */
export function rewriteRtp(packet: Uint8Array, fields: RtpFields): void {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  packet[1] = (fields.marker ? 0x80 : 0) | fields.payloadType;
  view.setUint16(2, fields.sequence & 0xffff);
  view.setUint32(4, fields.timestamp >>> 0);
  view.setUint32(8, fields.ssrc >>> 0);
}

export function printRtp(fields: RtpFields, payload: Uint8Array): Uint8Array {
  const packet = new Uint8Array(12 + payload.length);
  packet[0] = 0x80;
  rewriteRtp(packet, fields);
  packet.set(payload, 12);
  return packet;
}
