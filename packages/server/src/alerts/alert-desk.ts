import type { AlertCategory, AlertSeverity } from "@pbx-x/protocol";
import type { Scheduler } from "@pbx-x/telephony";
import type { NewEvent } from "../event-log/event-log.ts";
import { type Alert, systemAlert } from "./alert-event.ts";
import { judgeTelling, type Told } from "./telling.ts";

export interface AlertDeskOptions {
  readonly scheduler: Scheduler;
  readonly newId: () => string;
  readonly publish: (events: readonly NewEvent[]) => void;
  /** Time between two things told of one kind. */
  readonly intervalMs: number;
}

/** One kind of trouble: what alerts say of it besides their severity and words. */
export interface AlertKind {
  readonly category: AlertCategory;
  readonly trunkId?: string;
}

/** How one kind of trouble stands. */
export interface Standing {
  /** `info`: all is well. */
  readonly severity: AlertSeverity;
  readonly message: string;
  readonly metrics?: Readonly<Record<string, number>>;
}

export interface ActiveAlert extends Alert {
  /** When it was told first. */
  readonly sinceMs: number;
}

/** Tells `SYSTEM_ALERT`s: paced, the end with the id of the beginning, and what is active now ([V3], [U1]). */
export class AlertDesk {
  readonly #options: AlertDeskOptions;
  readonly #active = new Map<string, ActiveAlert>();
  readonly #waits = new Set<() => void>();
  #isStopped = false;

  constructor(options: AlertDeskOptions) {
    this.#options = options;
  }

  /** What was told and is not over, the oldest first. One for each kind at most, so it is as small as the kinds are few. */
  active(): readonly ActiveAlert[] {
    return [...this.#active.values()];
  }

  /** @returns tells how this kind stands; of what changes within the interval only the last is told */
  watch(kind: AlertKind): (standing: Standing) => void {
    let told: Told = { severity: "info" };
    let alertId: string | undefined;
    let cancelWait: (() => void) | undefined;
    const { scheduler, newId, intervalMs } = this.#options;

    const set = (standing: Standing): void => {
      cancelWait?.();
      if (cancelWait !== undefined) this.#waits.delete(cancelWait);
      cancelWait = undefined;
      if (this.#isStopped) return;
      const telling = judgeTelling(told, standing.severity, scheduler.now(), intervalMs);
      if (telling === "nothing") return;
      if (telling !== "now") {
        cancelWait = scheduler.after(telling.waitMs, () => set(standing));
        this.#waits.add(cancelWait);
        return;
      }
      alertId ??= newId();
      told = { severity: standing.severity, atMs: scheduler.now() };
      const isOver = standing.severity === "info";
      this.#tell({ alertId, ...kind, ...standing, ...(isOver && { isOver }) });
      if (isOver) alertId = undefined;
    };
    return set;
  }

  /** Tells nothing any more. */
  stop(): void {
    this.#isStopped = true;
    for (const cancel of this.#waits) cancel();
    this.#waits.clear();
  }

  #tell(alert: Alert): void {
    const { scheduler, publish } = this.#options;
    const sinceMs = this.#active.get(alert.alertId)?.sinceMs ?? scheduler.now();
    if (alert.isOver === true) this.#active.delete(alert.alertId);
    else this.#active.set(alert.alertId, { ...alert, sinceMs });
    publish([systemAlert(alert)]);
  }
}
