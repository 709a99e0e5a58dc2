/** What can happen to one frame on its way. */
export type FrameFault =
  | { readonly is: "drop" }
  | { readonly is: "duplicate" }
  /** Half of it arrives. */
  | { readonly is: "truncate" }
  /** It comes after the next one. */
  | { readonly is: "reorder" }
  /** It and all behind it come so much later. */
  | { readonly is: "delay"; readonly ms: number };

export type Direction = "toClient" | "toServer";

/**
 * The rules of these faults, for frames of any kind: each frame has at most one, the first that was asked for. Moving the
 * frames, and the time, are the caller's: a manual clock here, bytes and timers in the sandbox.
 */
export class FaultRules<Frame> {
  readonly #faults: FrameFault[] = [];
  readonly #halfOf: (frame: Frame) => Frame;
  /** Waits for the next one, which goes before it. */
  #held: readonly Frame[] = [];

  constructor(halfOf: (frame: Frame) => Frame) {
    this.#halfOf = halfOf;
  }

  /** For the next frame that has none yet. */
  add(fault: FrameFault): void {
    this.#faults.push(fault);
  }

  /** What goes out now that a frame came in, in this order; `delayMs`: after so long, with all that comes meanwhile. */
  pass(frame: Frame): { readonly frames: readonly Frame[]; readonly delayMs: number } {
    const fault = this.#faults.shift();
    const held = this.#held;
    this.#held = fault?.is === "reorder" ? [frame] : [];
    return { frames: [...this.#framesOf(frame, fault), ...held], delayMs: fault?.is === "delay" ? fault.ms : 0 };
  }

  #framesOf(frame: Frame, fault: FrameFault | undefined): readonly Frame[] {
    switch (fault?.is) {
      case "drop":
      case "reorder":
        return [];
      case "truncate":
        return [this.#halfOf(frame)];
      case "duplicate":
        return [frame, frame];
      case "delay":
      case undefined:
        return [frame];
    }
  }
}

/** One direction of a connection in memory: texts that wait until they are flushed. */
export class FramePath {
  readonly #now: () => number;
  readonly #deliver: (text: string) => void;
  readonly #rules = new FaultRules<string>((text) => text.slice(0, Math.floor(text.length / 2)));
  readonly #queue: string[] = [];
  #blockedUntil = Number.NEGATIVE_INFINITY;

  constructor(now: () => number, deliver: (text: string) => void) {
    this.#now = now;
    this.#deliver = deliver;
  }

  add(fault: FrameFault): void {
    this.#rules.add(fault);
  }

  push(text: string): void {
    const { frames, delayMs } = this.#rules.pass(text);
    if (delayMs > 0) this.#blockedUntil = Math.max(this.#blockedUntil, this.#now() + delayMs);
    this.#queue.push(...frames);
  }

  get isBlocked(): boolean {
    return this.#now() < this.#blockedUntil;
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  /** Moves one frame; false where none may move. */
  flush(): boolean {
    if (this.isBlocked) return false;
    const text = this.#queue.shift();
    if (text === undefined) return false;
    this.#deliver(text);
    return true;
  }
}
