import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { textFrame } from "./frame.ts";
import { Outbox, type OutboxEntry } from "./outbox.ts";

export interface ConnectionLimits {
  readonly outboxBytes: number;
  readonly hardOutboxBytes: number;
  readonly slowMs: number;
}

/** Written straight to the socket while less than this waits in it. */
const directBytes = 256 * 1024;

/**
 * One WebSocket towards a client. Frames are written ready-made to the raw socket, many at a time; `ws` reads, and answers
 * its own control frames on the same socket, each in one write, so nothing interleaves.
 */
export class Connection {
  readonly webSocket: WebSocket;
  readonly address: string;
  /** Logged events sent on this connection ([W3]). */
  delivered = 0;
  lastFrameAtMs: number;
  readonly #raw: Duplex;
  readonly #limits: ConnectionLimits;
  readonly #outbox = new Outbox();
  #overSinceMs: number | undefined;
  #isClosed = false;

  constructor(webSocket: WebSocket, raw: Duplex, address: string, nowMs: number, limits: ConnectionLimits) {
    this.webSocket = webSocket;
    this.address = address;
    this.#raw = raw;
    this.#limits = limits;
    this.lastFrameAtMs = nowMs;
    raw.on("drain", () => this.#flush());
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether a shared buffer may be written as it is. */
  get isDirect(): boolean {
    return this.#outbox.isEmpty && this.#raw.writableLength < directBytes;
  }

  get isDrained(): boolean {
    return this.#outbox.isEmpty && this.#raw.writableLength === 0;
  }

  /** Frames that others get too; only while `isDirect`. */
  writeShared(frames: Buffer, events: number): void {
    if (this.#isClosed) return;
    this.delivered += events;
    this.#raw.write(frames);
  }

  /** One entry, straight or through the outbox. False when the client is too slow to be kept. */
  send(entry: OutboxEntry, nowMs: number): boolean {
    if (this.#isClosed) return true;
    if (this.isDirect) {
      if (entry.seq !== undefined) this.delivered += 1;
      this.#raw.write(entry.frame);
      return true;
    }
    this.#outbox.push(entry);
    return this.check(nowMs);
  }

  sendJson(value: unknown, nowMs: number): boolean {
    return this.send({ frame: textFrame(JSON.stringify(value)) }, nowMs);
  }

  /** Bounds what waits ([W31]). False when the client is too slow to be kept. */
  check(nowMs: number): boolean {
    if (this.#outbox.bytes <= this.#limits.outboxBytes) {
      this.#overSinceMs = undefined;
      return true;
    }
    if (this.#overSinceMs === undefined || this.#outbox.bytes > this.#limits.hardOutboxBytes) this.#outbox.conflate();
    if (this.#outbox.bytes > this.#limits.hardOutboxBytes) return false;
    if (this.#outbox.bytes <= this.#limits.outboxBytes) {
      this.#overSinceMs = undefined;
      return true;
    }
    this.#overSinceMs ??= nowMs;
    return nowMs - this.#overSinceMs < this.#limits.slowMs;
  }

  get waitingEvents(): number {
    return this.#outbox.events;
  }

  get waitingBytes(): number {
    return this.#outbox.bytes + this.#raw.writableLength;
  }

  /** Last frame, then the close with its code; what waits is dropped where the client does not read anyway. */
  close(code: number, lastFrame: unknown): void {
    if (this.#isClosed) return;
    const isStuck = this.#raw.writableLength > directBytes;
    if (!isStuck) {
      for (const { frame } of this.#outbox.take()) this.#raw.write(frame);
      if (lastFrame !== undefined) this.#raw.write(textFrame(JSON.stringify(lastFrame)));
    }
    this.#isClosed = true;
    this.webSocket.close(code);
    if (isStuck) this.webSocket.terminate();
  }

  /** The far side is gone. */
  markClosed(): void {
    this.#isClosed = true;
    this.#outbox.take();
  }

  #flush(): void {
    if (this.#isClosed || this.#outbox.isEmpty) return;
    const entries = this.#outbox.take();
    let written = 0;
    let at = 0;
    for (; at < entries.length && written < directBytes; at += 1) {
      const entry = entries[at];
      if (entry === undefined) break;
      if (entry.seq !== undefined) this.delivered += 1;
      this.#raw.write(entry.frame);
      written += entry.frame.length;
    }
    for (const entry of entries.slice(at)) this.#outbox.push(entry);
    if (this.#raw.writableLength === 0 && !this.#outbox.isEmpty) setImmediate(() => this.#flush());
  }
}
