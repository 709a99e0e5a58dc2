import type { AnswerFrame } from "@pbx-x/protocol/runtime";

interface Remembered {
  readonly answer: Promise<AnswerFrame>;
  readonly atMs: number;
}

/** Answers by command id, so that a repeat gets the first one's and nothing runs twice ([W4]). */
export class CommandMemory {
  readonly #limit: number;
  readonly #keepMs: number;
  readonly #byOwner = new Map<string, Map<string, Remembered>>();

  constructor(limit: number, keepMs: number) {
    this.#limit = limit;
    this.#keepMs = keepMs;
  }

  /** @param owner user and client, else the session */
  recall(owner: string, id: string, nowMs: number): Promise<AnswerFrame> | undefined {
    const found = this.#byOwner.get(owner)?.get(id);
    return found !== undefined && nowMs - found.atMs <= this.#keepMs ? found.answer : undefined;
  }

  remember(owner: string, id: string, answer: Promise<AnswerFrame>, nowMs: number): void {
    const own = this.#byOwner.get(owner) ?? new Map<string, Remembered>();
    own.delete(id);
    own.set(id, { answer, atMs: nowMs });
    this.#byOwner.set(owner, own);
    for (const [oldest, { atMs }] of own) {
      if (own.size <= this.#limit && nowMs - atMs <= this.#keepMs) break;
      own.delete(oldest);
    }
  }

  /** Drops owners of whom nothing recent is left. */
  sweep(nowMs: number): void {
    for (const [owner, own] of this.#byOwner) {
      const newest = [...own.values()].at(-1);
      if (newest === undefined || nowMs - newest.atMs > this.#keepMs) this.#byOwner.delete(owner);
    }
  }
}
