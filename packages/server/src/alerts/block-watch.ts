import type { Scheduler, TelephonyEvent } from "@pbx-x/telephony";
import type { AlertDesk, Standing } from "./alert-desk.ts";

export interface BlockWatchOptions {
  readonly scheduler: Scheduler;
  readonly desk: Pick<AlertDesk, "watch">;
}

type Block = Extract<TelephonyEvent, { type: "sourceBlocked" }>;

/** More are blocked all the same, and not counted. */
const maximumSources = 1000;

/** Tells when sources are blocked for guessing passwords, and when none is any more ([U5]). */
export class BlockWatch {
  readonly #options: BlockWatchOptions;
  readonly #tell: (standing: Standing) => void;
  readonly #blocks = new Map<string, Block>();
  #cancel: (() => void) | undefined;

  constructor(options: BlockWatchOptions) {
    this.#options = options;
    this.#tell = options.desk.watch({ category: "service" });
  }

  onTelephony(event: TelephonyEvent): void {
    if (event.type !== "sourceBlocked") return;
    this.#blocks.delete(event.ipAddress);
    this.#blocks.set(event.ipAddress, event);
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size <= maximumSources) break;
      this.#blocks.delete(oldest);
    }
    const others = this.#blocks.size - 1;
    this.#tell({
      severity: "warning",
      message:
        `${event.ipAddress}${others > 0 ? ` and ${others} more` : ""} blocked: ` +
        `${event.attempts} wrong passwords or unknown users`,
      metrics: { blockedSources: this.#blocks.size, attempts: event.attempts },
    });
    this.#forget();
  }

  stop(): void {
    this.#cancel?.();
  }

  #forget(): void {
    const { scheduler } = this.#options;
    const nowMs = scheduler.now();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const [address, { untilMs }] of this.#blocks) {
      if (untilMs <= nowMs) this.#blocks.delete(address);
      else nextMs = Math.min(nextMs, untilMs);
    }
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#blocks.size > 0) this.#cancel = scheduler.after(nextMs - nowMs, () => this.#forget());
    else this.#tell({ severity: "info", message: "No source is blocked any more" });
  }
}
