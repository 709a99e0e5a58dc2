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

/** Most entries that wait for the database to take them after all. */
const mostFailed = 100_000;
/** Before the database is asked again after a failure, ms. */
const retryMs = 5000;

/**
 * Gathers writes so that many become one transaction, and of several for one key only the last is written. A crash loses
 * at most `delayMs` of them, so it is for what can be had again. What could not be written is tried again with the next
 * ones, the latest value of a key only. Bounded by the number of keys, and by `mostFailed`.
 */
export class WriteBehind<Value> {
  readonly #options: WriteBehindOptions<Value>;
  #waiting = new Map<string, Value | undefined>();
  #failed = new Map<string, Value | undefined>();
  #hasLost = false;
  #writing: Promise<void> = Promise.resolve();
  #cancel: (() => void) | undefined;

  constructor(options: WriteBehindOptions<Value>) {
    this.#options = options;
  }

  /** Whether something that was put is not on the disk although it was tried. */
  get hasFailed(): boolean {
    return this.#hasLost || this.#failed.size > 0;
  }

  put(key: string, value: Value | undefined): void {
    this.#waiting.set(key, value);
    const { delayMs = 200 } = this.#options;
    this.#arm(this.#failed.size > 0 ? Math.max(delayMs, retryMs) : delayMs);
  }

  /** Resolves when everything that was put before is written, or has failed and was told. */
  flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    // Taken when its turn has come: what failed in the turn before never comes after a newer value.
    this.#writing = this.#writing.then(() => this.#writeAll());
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    const entries = [...new Map([...this.#failed, ...this.#waiting])];
    this.#failed = new Map();
    this.#waiting = new Map();
    const { batch = 500 } = this.#options;
    for (let at = 0; at < entries.length; at += batch) {
      const part = entries.slice(at, at + batch);
      if (await this.#write(part)) continue;
      // The rest comes first the next time: what the database never takes holds up nothing else for good.
      this.#keep([...entries.slice(at + batch), ...part]);
      break;
    }
    if (this.#failed.size > 0) this.#arm(retryMs);
  }

  #arm(delayMs: number): void {
    this.#cancel ??= this.#options.scheduler.after(delayMs, () => void this.flush());
  }

  #keep(entries: readonly (readonly [string, Value | undefined])[]): void {
    for (const [key, value] of entries) {
      if (this.#failed.size < mostFailed) this.#failed.set(key, value);
      else this.#hasLost = true;
    }
  }

  /** False where the database did not take them. */
  async #write(entries: readonly (readonly [string, Value | undefined])[]): Promise<boolean> {
    const { scheduler, write, onError, onWrite } = this.#options;
    const startedAtMs = scheduler.now();
    try {
      await write(entries);
      onWrite?.({ kind: "written", tookMs: scheduler.now() - startedAtMs });
      return true;
    } catch (error) {
      onWrite?.({ kind: "failed", error });
      onError(error);
      return false;
    }
  }
}
