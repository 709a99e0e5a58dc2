import type { Scheduler } from "@pbx-x/telephony";
import type { WriteOutcome } from "../storage/write-outcome.ts";

export interface DatabaseProbeOptions {
  readonly scheduler: Scheduler;
  /** Writes something small; rejects when that cannot be done. */
  readonly write: () => Promise<void>;
  readonly onWrite: (outcome: WriteOutcome) => void;
  readonly everyMs: number;
}

/** Writes now and then, so that a database is known to be well, or not, when nobody else writes. */
export class DatabaseProbe {
  readonly #options: DatabaseProbeOptions;
  #startedAtMs: number | undefined;
  #cancel: (() => void) | undefined;
  #isStopped = false;

  constructor(options: DatabaseProbeOptions) {
    this.#options = options;
  }

  start(): void {
    const { scheduler, everyMs, onWrite } = this.#options;
    if (this.#isStopped) return;
    this.#cancel = scheduler.after(everyMs, () => this.start());
    // One at a time: what is not answered yet is slow for as long as it lasts.
    if (this.#startedAtMs === undefined) void this.#probe();
    else onWrite({ kind: "waiting", tookMs: scheduler.now() - this.#startedAtMs });
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
  }

  async #probe(): Promise<void> {
    const { scheduler, write, onWrite } = this.#options;
    const startedAtMs = scheduler.now();
    this.#startedAtMs = startedAtMs;
    const outcome = await write().then(
      (): WriteOutcome => ({ kind: "written", tookMs: scheduler.now() - startedAtMs }),
      (error: unknown): WriteOutcome => ({ kind: "failed", error }),
    );
    this.#startedAtMs = undefined;
    if (!this.#isStopped) onWrite(outcome);
  }
}
