import type { Scheduler } from "@pbx-x/telephony";
import type { WriteOutcome } from "../storage/write-outcome.ts";
import type { AlertDesk, Standing } from "./alert-desk.ts";
import { quiet, stepThreshold, type ThresholdState } from "./threshold.ts";

export interface DatabaseWatchOptions {
  readonly scheduler: Scheduler;
  readonly desk: Pick<AlertDesk, "watch">;
  /** As people call it, at the beginning of a sentence. */
  readonly name: string;
  /** A write that takes so long is slow. */
  readonly slowMs: number;
}

export interface DatabaseState {
  readonly failing: ThresholdState;
  readonly slow: ThresholdState;
}

export const goodDatabase: DatabaseState = { failing: quiet, slow: quiet };

const holdMs = 10_000;

/** Judges one write: a failed one is trouble at once, slow ones after 10 s; 10 s of good ones end it ([U4]). */
export function judgeWrite(state: DatabaseState, outcome: WriteOutcome, nowMs: number, slowMs: number): DatabaseState {
  const isFailing = { raiseAt: 1, clearBelow: 1, holdMs: 0, clearHoldMs: holdMs };
  if (outcome.kind === "failed") return { ...state, failing: stepThreshold(state.failing, 1, nowMs, isFailing) };
  const isSlow = { raiseAt: slowMs, clearBelow: slowMs / 2, holdMs };
  const slow = stepThreshold(state.slow, outcome.tookMs, nowMs, isSlow);
  // What waits may still fail.
  if (outcome.kind === "waiting") return { ...state, slow };
  return { failing: stepThreshold(state.failing, 0, nowMs, isFailing), slow };
}

/** Follows the writes to one database and tells when it fails or is slow, and when it works again. */
export class DatabaseWatch {
  readonly #options: DatabaseWatchOptions;
  readonly #tell: (standing: Standing) => void;
  #state = goodDatabase;
  #failures = 0;

  constructor(options: DatabaseWatchOptions) {
    this.#options = options;
    this.#tell = options.desk.watch({ category: "database" });
  }

  onWrite(outcome: WriteOutcome): void {
    const { scheduler, slowMs } = this.#options;
    const nowMs = scheduler.now();
    this.#state = judgeWrite(this.#state, outcome, nowMs, slowMs);
    if (outcome.kind === "failed") this.#failures += 1;
    const standing = this.#standing(outcome);
    if (standing !== undefined) this.#tell(standing);
    if (!this.#state.failing.isRaised) this.#failures = 0;
  }

  #standing(outcome: WriteOutcome): Standing | undefined {
    const { failing, slow } = this.#state;
    const { name, slowMs } = this.#options;
    if (outcome.kind === "failed") {
      const why = outcome.error instanceof Error ? outcome.error.message.slice(0, 200) : "no reason given";
      return {
        severity: "error",
        message: `${name} cannot be written: ${why}`,
        metrics: { failures: this.#failures },
      };
    }
    if (failing.isRaised) return undefined;
    const tookMs = Math.round(outcome.tookMs);
    const metrics = { writeMs: tookMs };
    if (slow.isRaised)
      return {
        severity: "warning",
        message: `${name} is slow: a write takes over ${slowMs} ms (${tookMs} ms)`,
        metrics,
      };
    return { severity: "info", message: `${name} works well again (a write takes ${tookMs} ms)`, metrics };
  }
}
