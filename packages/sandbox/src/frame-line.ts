import { FaultRules, type FrameFault as Fault } from "@pbx-x/client/testing";

/** What can happen to the next frame of a connection: the faults of the client's test kit. */
export const frameFaults = [
  "drop",
  "delay",
  "duplicate",
  "reorder",
  "truncate",
] as const satisfies readonly Fault["is"][];
export type FrameFault = (typeof frameFaults)[number];

/** `delay`: the frame and all behind it come so much later. */
export const delayMs = 3000;
/** More bytes than this without a whole frame are passed on as they are. */
const longestFrame = 16 * 1024 * 1024;

interface Frame {
  readonly bytes: Buffer;
  /** Where the payload begins. */
  readonly start: number;
  /** Of an application's data; pings and closes are left alone. */
  readonly isData: boolean;
}

/** One direction of a WebSocket, frame by frame (RFC 6455, 5.2). */
export class FrameLine {
  readonly #send: (bytes: Buffer) => void;
  readonly #rules = new FaultRules<Frame>(halfOf);
  #rest: Buffer = Buffer.alloc(0);
  #waiting: Buffer[] | undefined;
  #end: NodeJS.Timeout | undefined;

  constructor(send: (bytes: Buffer) => void) {
    this.#send = send;
  }

  fail(fault: FrameFault): void {
    this.#rules.add(fault === "delay" ? { is: fault, ms: delayMs } : { is: fault });
  }

  push(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (let frame = readFrame(this.#rest); frame !== undefined; frame = readFrame(this.#rest)) {
      this.#rest = this.#rest.subarray(frame.bytes.length);
      this.#pass(frame);
    }
    if (this.#rest.length <= longestFrame) return;
    this.#out(this.#rest);
    this.#rest = Buffer.alloc(0);
  }

  #pass(frame: Frame): void {
    const { frames, delayMs: ms } = frame.isData ? this.#rules.pass(frame) : { frames: [frame], delayMs: 0 };
    if (ms > 0) this.#delay(ms);
    for (const { bytes } of frames) this.#out(bytes);
  }

  #delay(ms: number): void {
    this.#waiting ??= [];
    clearTimeout(this.#end);
    this.#end = setTimeout(() => {
      const waiting = this.#waiting ?? [];
      this.#waiting = undefined;
      for (const bytes of waiting) this.#send(bytes);
    }, ms);
    this.#end.unref();
  }

  #out(bytes: Buffer): void {
    if (this.#waiting === undefined) this.#send(bytes);
    else this.#waiting.push(bytes);
  }
}

/** The first frame, once it is there as a whole. */
function readFrame(bytes: Buffer): Frame | undefined {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return undefined;
  const short = second & 0x7f;
  const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0;
  const start = 2 + lengthBytes + (second & 0x80 ? 4 : 0);
  if (bytes.length < start) return undefined;
  const length = short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short;
  if (bytes.length < start + length) return undefined;
  return { bytes: bytes.subarray(0, start + length), start, isData: (first & 0x0f) < 8 };
}

/** The same frame with half of its payload. */
function halfOf({ bytes, start, isData }: Frame): Frame {
  const length = Math.floor((bytes.length - start) / 2);
  const isMasked = ((bytes[1] ?? 0) & 0x80) !== 0;
  const head = Buffer.alloc(4);
  head[0] = bytes[0] ?? 0;
  head[1] = (isMasked ? 0x80 : 0) | 126;
  head.writeUInt16BE(Math.min(length, 0xffff), 2);
  const mask = isMasked ? bytes.subarray(start - 4, start) : Buffer.alloc(0);
  const half = Buffer.concat([head, mask, bytes.subarray(start, start + Math.min(length, 0xffff))]);
  return { bytes: half, start: half.length - Math.min(length, 0xffff), isData };
}

/** A text frame and a close frame of a server. */
export function farewell(text: string, code: number): Buffer {
  const payload = Buffer.from(text);
  const head = Buffer.from([0x81, 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([head, payload, Buffer.from([0x88, 2, code >> 8, code & 0xff])]);
}
