import { constants, deflateRawSync } from "node:zlib";

/** One unmasked text frame (RFC 6455 §5.2) around JSON text, made once for all its receivers ([W32]). */
export function textFrame(json: string): Buffer {
  const { frame, head } = emptyFrame(0x81, Buffer.byteLength(json));
  frame.write(json, head);
  return frame;
}

/** The text of a frame that `textFrame` made. */
export function textOf(frame: Buffer): string {
  return payloadOf(frame).toString("utf8");
}

/** Shorter frames do not get shorter. */
const worthDeflating = 256;
const deflated = new WeakMap<Buffer, Buffer>();

/**
 * The same frame for a client with `permessage-deflate`, made once for all such receivers: without context takeover
 * (RFC 7692 §7.1.1.1) no message depends on an earlier one.
 */
export function deflatedFrame(frame: Buffer): Buffer {
  if (frame.length < worthDeflating) return frame;
  const known = deflated.get(frame);
  if (known !== undefined) return known;
  const flushed = deflateRawSync(payloadOf(frame), { finishFlush: constants.Z_SYNC_FLUSH });
  // The four bytes of the empty block are left out (RFC 7692 §7.2.1); RSV1 says that it is compressed.
  const { frame: made, head } = emptyFrame(0xc1, flushed.length - 4);
  flushed.copy(made, head, 0, flushed.length - 4);
  deflated.set(frame, made);
  return made;
}

function emptyFrame(firstByte: number, length: number): { readonly frame: Buffer; readonly head: number } {
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = firstByte;
  if (head === 2) frame[1] = length;
  else if (head === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  return { frame, head };
}

function payloadOf(frame: Buffer): Buffer {
  const short = (frame[1] ?? 0) & 0x7f;
  return frame.subarray(short === 126 ? 4 : short === 127 ? 10 : 2);
}
