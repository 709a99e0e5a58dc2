import { statfs } from "node:fs/promises";
import type { Scheduler } from "@pbx-x/telephony";
import type { AlertDesk, Standing } from "./alert-desk.ts";
import { quiet, stepThreshold, type ThresholdState } from "./threshold.ts";

/** Of a file system, bytes, as a program without special rights sees it. */
export interface DiskSpace {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

export interface StorageLimits {
  /** So little free space is a warning, per cent. */
  readonly diskWarningPercent: number;
  /** So little is critical. */
  readonly diskCriticalPercent: number;
}

export interface StorageWatchOptions {
  readonly scheduler: Scheduler;
  readonly desk: Pick<AlertDesk, "watch">;
  /** Rejects when the file system cannot be asked. */
  readonly readSpace: () => Promise<DiskSpace>;
  readonly limits: StorageLimits;
  readonly everyMs: number;
}

export interface StorageState {
  readonly warning: ThresholdState;
  readonly critical: ThresholdState;
}

export const enoughStorage: StorageState = { warning: quiet, critical: quiet };

/** Over when there is a fifth more than the threshold asks for: a file that comes and goes does not flap. */
const clearFactor = 1.2;

/** Judges the free space, per cent ([U3]). */
export function judgeStorage(
  state: StorageState,
  freePercent: number,
  nowMs: number,
  { diskWarningPercent, diskCriticalPercent }: StorageLimits,
): StorageState {
  // The less is free, the higher: a threshold is for what is too much.
  const step = (before: ThresholdState, percent: number): ThresholdState =>
    stepThreshold(before, -freePercent, nowMs, {
      raiseAt: -percent,
      clearBelow: -percent * clearFactor,
      holdMs: 0,
    });
  return { warning: step(state.warning, diskWarningPercent), critical: step(state.critical, diskCriticalPercent) };
}

/** Asks the operating system how much room there is where a path is. */
export async function readDiskSpace(path: string): Promise<DiskSpace> {
  const { bsize, blocks, bfree, bavail } = await statfs(path);
  // As `df` counts: what only the superuser may take is neither free nor there.
  return { freeBytes: bavail * bsize, totalBytes: (blocks - bfree + bavail) * bsize };
}

/** Looks at the free space of the data directory and tells when it is short, and when it is not any more. */
export class StorageWatch {
  readonly #options: StorageWatchOptions;
  readonly #tell: (standing: Standing) => void;
  #state = enoughStorage;
  #cancel: (() => void) | undefined;
  #isStopped = false;

  constructor(options: StorageWatchOptions) {
    this.#options = options;
    this.#tell = options.desk.watch({ category: "storage" });
  }

  /** Looks now, and from then on at each interval. */
  async start(): Promise<void> {
    const { scheduler, everyMs } = this.#options;
    await this.#look();
    if (!this.#isStopped) this.#cancel = scheduler.after(everyMs, () => void this.start());
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
  }

  async #look(): Promise<void> {
    const { readSpace, limits, scheduler } = this.#options;
    try {
      const { freeBytes, totalBytes } = await readSpace();
      const freePercent = totalBytes > 0 ? (freeBytes / totalBytes) * 100 : 0;
      this.#state = judgeStorage(this.#state, freePercent, scheduler.now(), limits);
      if (!this.#isStopped) this.#tell(standingOf(this.#state, freePercent, freeBytes));
    } catch (error) {
      const why = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
      if (!this.#isStopped)
        this.#tell({ severity: "error", message: `The free space of the data directory cannot be read${why}` });
    }
  }
}

function standingOf({ warning, critical }: StorageState, percent: number, freeBytes: number): Standing {
  const freePercent = Math.round(percent * 10) / 10;
  const metrics = { freePercent, freeBytes };
  if (!warning.isRaised && !critical.isRaised)
    return { severity: "info", message: `The data directory has room again (${freePercent}% free)`, metrics };
  return {
    severity: critical.isRaised ? "critical" : "warning",
    message: `The disk of the data directory is ${critical.isRaised ? "full" : "almost full"} (${freePercent}% free)`,
    metrics,
  };
}
