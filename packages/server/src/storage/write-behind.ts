import type { Scheduler } from "@pbx-x/telephony";
import type { WriteOutcome } from "./write-outcome.ts";

/** A longer delay, for what the log tells again after a crash: each write to the disk holds up those of the log. */
export const tellableMs = 1000;

export interface WriteBehindOptions<Value> {
  readonly scheduler: Scheduler;
  /** Writes some of the latest values; undefined means that the key is gone. */
  readonly write: (entries: readonly (readonly [key: string, value: Value | undefined])[]) => Promise<void>;
  readonly onError: (error: unknown) => void;
  /** Hears of each write, also of those that fail. */
  readonly onWrite?: (outcome: WriteOutcome) => void;
  /** How long a change may wait, ms; default 200. */
  readonly delayMs?: number;
  /** Most entries in one write. */
  readonly batch?: number;
}

/**
 * Gathers writes so that many become one transaction, and of several for one key only the last is written. A crash loses
 * at most `delayMs` of them, so it is for what can be had again. Bounded by the number of keys.
 */
export class WriteBehind<Value> {
  readonly #options: WriteBehindOptions<Value>;
  #waiting = new Map<string, Value | undefined>();
  #writing: Promise<void> = Promise.resolve();
  #cancel: (() => void) | undefined;

  constructor(options: WriteBehindOptions<Value>) {
    this.#options = options;
  }

  put(key: string, value: Value | undefined): void {
    this.#waiting.set(key, value);
    this.#cancel ??= this.#options.scheduler.after(this.#options.delayMs ?? 200, () => void this.flush());
  }

  /** Resolves when everything that was put before is written, or has failed and was told. */
  flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    const entries = [...this.#waiting];
    this.#waiting = new Map();
    const { batch = 500 } = this.#options;
    this.#writing = this.#writing.then(async () => {
      for (let at = 0; at < entries.length; at += batch) await this.#write(entries.slice(at, at + batch));
    });
    return this.#writing;
  }

  async #write(entries: readonly (readonly [string, Value | undefined])[]): Promise<void> {
    const { scheduler, write, onError, onWrite } = this.#options;
    const startedAtMs = scheduler.now();
    try {
      await write(entries);
      onWrite?.({ kind: "written", tookMs: scheduler.now() - startedAtMs });
    } catch (error) {
      onWrite?.({ kind: "failed", error });
      onError(error);
    }
  }
}
