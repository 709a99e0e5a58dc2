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

/** One direction of a connection: frames in order, each with at most one fault. */
export class FramePath {
  readonly #now: () => number;
  readonly #deliver: (text: string) => void;
  readonly #faults: FrameFault[] = [];
  readonly #queue: string[] = [];
  #held: string | undefined;
  #blockedUntil = Number.NEGATIVE_INFINITY;

  constructor(now: () => number, deliver: (text: string) => void) {
    this.#now = now;
    this.#deliver = deliver;
  }

  /** For the next frame that has none yet. */
  add(fault: FrameFault): void {
    this.#faults.push(fault);
  }

  push(text: string): void {
    const fault = this.#faults.shift();
    const held = this.#held;
    this.#held = undefined;
    switch (fault?.is) {
      case "drop":
        break;
      case "reorder":
        this.#held = text;
        break;
      case "truncate":
        this.#queue.push(text.slice(0, Math.floor(text.length / 2)));
        break;
      case "duplicate":
        this.#queue.push(text, text);
        break;
      case "delay":
        this.#blockedUntil = Math.max(this.#blockedUntil, this.#now() + fault.ms);
        this.#queue.push(text);
        break;
      case undefined:
        this.#queue.push(text);
    }
    if (held !== undefined) this.#queue.push(held);
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
