import { textFrame } from "./frame.ts";
import { Outbox, type OutboxEntry } from "./outbox.ts";
import type { Wire } from "./wire.ts";

export interface ConnectionLimits {
  readonly outboxBytes: number;
  readonly hardOutboxBytes: number;
  readonly slowMs: number;
}

/** Written straight to the socket while less than this waits in it. */
const directBytes = 256 * 1024;

/** One client's connection: what waits for it is kept in order and in bounded memory ([W31]). */
export class Connection {
  readonly wire: Wire;
  readonly address: string;
  /** Logged events sent on this connection ([W3]). */
  delivered = 0;
  lastFrameAtMs: number;
  readonly #limits: ConnectionLimits;
  readonly #outbox = new Outbox();
  #isGreeted = false;
  /** So much of what waits was missed before: it does not tell that the client is slow. */
  #replayBytes = 0;
  #overSinceMs: number | undefined;
  #isClosed = false;

  constructor(wire: Wire, address: string, nowMs: number, limits: ConnectionLimits) {
    this.wire = wire;
    this.address = address;
    this.#limits = limits;
    this.lastFrameAtMs = nowMs;
    wire.onDrain(() => this.#flush());
  }

  /** From the first closing frame of either side on. */
  get isClosed(): boolean {
    return this.#isClosed || !this.wire.isOpen;
  }

  /** Whether a buffer shared with others may be written as it is. */
  get takesShared(): boolean {
    return this.wire.takesRaw && this.#isDirect;
  }

  get isDrained(): boolean {
    return this.#outbox.isEmpty && this.wire.waitingBytes === 0;
  }

  get waitingBytes(): number {
    return this.#outbox.bytes + this.wire.waitingBytes;
  }

  /** The very first frame ([W12]); whatever was to be sent before waits for it. */
  greet(first: unknown): void {
    if (this.isClosed) return;
    this.#write({ frame: textFrame(JSON.stringify(first)) });
    this.#isGreeted = true;
    this.#flush();
  }

  /** Frames that others get too; only while `takesShared`. */
  writeShared(frames: Buffer, events: number): void {
    if (this.isClosed) return;
    this.delivered += events;
    this.wire.writeRaw(frames);
  }

  /** One entry, straight or through the outbox. False when the client is too slow to be kept. */
  send(entry: OutboxEntry, nowMs: number): boolean {
    if (this.isClosed) return true;
    if (this.#isDirect) {
      this.#write(entry);
      return true;
    }
    this.#outbox.push(entry);
    return this.check(nowMs);
  }

  sendJson(value: unknown, nowMs: number): boolean {
    return this.send({ frame: textFrame(JSON.stringify(value)) }, nowMs);
  }

  /** What was missed, however much it is; only what comes on top of it counts against the limits. */
  sendReplay(entries: Iterable<OutboxEntry>): void {
    if (this.isClosed) return;
    for (const entry of entries) {
      if (this.#isDirect) this.#write(entry);
      else this.#outbox.push(entry);
    }
    this.#replayBytes = this.#outbox.bytes;
  }

  /** Bounds what waits ([W31]). False when the client is too slow to be kept. */
  check(nowMs: number): boolean {
    const { outboxBytes, hardOutboxBytes, slowMs } = this.#limits;
    const isLate = this.#overSinceMs !== undefined && nowMs - this.#overSinceMs >= slowMs;
    const isOver = this.#liveBytes > outboxBytes;
    if (isOver && (this.#overSinceMs === undefined || isLate || this.#liveBytes > hardOutboxBytes)) {
      this.#outbox.conflate();
    }
    if (this.#liveBytes <= outboxBytes) {
      this.#overSinceMs = undefined;
      return true;
    }
    this.#overSinceMs ??= nowMs;
    return !isLate && this.#liveBytes <= hardOutboxBytes;
  }

  /**
   * Last frame, then the close with its code. Where the client does not read, what waits in the outbox is dropped; it gets
   * both once it reads what the socket holds, or is cut off without them by the closing time-out.
   */
  close(code: number, lastFrame: unknown): void {
    if (this.#isClosed) return;
    const waiting = this.#outbox.take();
    if (this.wire.waitingBytes < directBytes) for (const entry of waiting) this.#write(entry);
    if (lastFrame !== undefined && !this.isClosed) this.#write({ frame: textFrame(JSON.stringify(lastFrame)) });
    this.#isClosed = true;
    this.wire.close(code);
  }

  /** The far side is gone. */
  markClosed(): void {
    this.#isClosed = true;
    this.#outbox.take();
  }

  get #isDirect(): boolean {
    return this.#isGreeted && this.#outbox.isEmpty && this.wire.waitingBytes < directBytes;
  }

  get #liveBytes(): number {
    return this.#outbox.bytes - this.#replayBytes;
  }

  #write({ seq, frame, fill }: OutboxEntry): number {
    const filled = fill?.(this.delivered) ?? frame;
    if (seq !== undefined) this.delivered += 1;
    return this.wire.write(filled);
  }

  #flush(): void {
    if (this.isClosed || !this.#isGreeted || this.#outbox.isEmpty) return;
    const entries = this.#outbox.take();
    let written = 0;
    let at = 0;
    for (; at < entries.length && written < directBytes; at += 1) {
      const entry = entries[at];
      if (entry === undefined) break;
      written += this.#write(entry);
    }
    for (const entry of entries.slice(at)) this.#outbox.push(entry);
    this.#replayBytes = Math.min(this.#replayBytes, this.#outbox.bytes);
    if (this.wire.waitingBytes === 0 && !this.#outbox.isEmpty) setImmediate(() => this.#flush());
  }
}
