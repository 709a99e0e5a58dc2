import type { Call } from "../calls/call.ts";
import type { QueueEntry } from "./queue-entry.ts";

/** A waiting call in its place. */
export interface Waiting {
  readonly callId: string;
  readonly entry: QueueEntry;
  readonly order: number;
  readonly isOffered: boolean;
  /** The position that clients were told last. */
  readonly toldPosition: number;
}

/** The calls that wait in one queue, in the order in which they are served: priority, then who came first ([Q5]). */
export class WaitingLine {
  #line: Waiting[] = [];

  get size(): number {
    return this.#line.length;
  }

  /** The next one first. */
  all(): readonly Waiting[] {
    return this.#line;
  }

  get longestSinceMs(): number | undefined {
    let first: number | undefined;
    for (const { entry } of this.#line) {
      if (first === undefined || entry.enteredAtMs < first) first = entry.enteredAtMs;
    }
    return first;
  }

  /** 1 is the next one; 0 is none of the line. */
  positionOf(callId: string): number {
    return this.#line.findIndex((one) => one.callId === callId) + 1;
  }

  /** Where a call of this priority would stand that comes now. */
  newPosition(priority: number): number {
    return this.#line.filter(({ entry }) => entry.priority >= priority).length + 1;
  }

  /** Adds a call, or takes over what has become of it; it keeps its place. */
  put({ callId }: Pick<Call, "callId">, entry: QueueEntry, isOffered: boolean, order: () => number): void {
    const at = this.#line.findIndex((one) => one.callId === callId);
    const known = this.#line[at];
    if (known !== undefined && known.entry.entryId === entry.entryId) {
      this.#line[at] = { ...known, entry, isOffered };
      return;
    }
    if (known !== undefined) this.#line.splice(at, 1);
    const position = this.newPosition(entry.priority);
    this.#line.splice(position - 1, 0, { callId, entry, order: order(), isOffered, toldPosition: position });
  }

  /** False where it did not wait. */
  remove(callId: string): boolean {
    const at = this.#line.findIndex((one) => one.callId === callId);
    if (at < 0) return false;
    this.#line.splice(at, 1);
    return true;
  }

  /** Those whose position is another than was told; told now. */
  takeMoved(): readonly { readonly callId: string; readonly entry: QueueEntry; readonly position: number }[] {
    const moved: { callId: string; entry: QueueEntry; position: number }[] = [];
    this.#line = this.#line.map((one, index) => {
      const position = index + 1;
      if (one.toldPosition === position) return one;
      moved.push({ callId: one.callId, entry: one.entry, position });
      return { ...one, toldPosition: position };
    });
    return moved;
  }
}
