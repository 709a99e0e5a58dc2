import type { Scheduler, TelephonyEvent } from "@pbx-x/telephony";
import type { AlertDesk, Standing } from "./alert-desk.ts";
import { quiet, stepThreshold } from "./threshold.ts";

export interface RegistrationWatchOptions {
  readonly scheduler: Scheduler;
  readonly desk: Pick<AlertDesk, "watch">;
  /** Registrations a second from which on it is a storm. */
  readonly perSecond: number;
}

const windowMs = 10_000;

/** Counts registrations, also those that are renewed, and tells when they are a storm, and when it is over ([U6]). */
export class RegistrationWatch {
  readonly #options: RegistrationWatchOptions;
  readonly #tell: (standing: Standing) => void;
  #count = 0;
  #state = quiet;
  #cancel: (() => void) | undefined;

  constructor(options: RegistrationWatchOptions) {
    this.#options = options;
    this.#tell = options.desk.watch({ category: "service" });
  }

  onTelephony(event: TelephonyEvent): void {
    if (event.type !== "bindingAdded" && event.type !== "bindingRefreshed") return;
    this.#count += 1;
    this.#cancel ??= this.#options.scheduler.after(windowMs, () => this.#judge());
  }

  stop(): void {
    this.#cancel?.();
  }

  #judge(): void {
    const { scheduler, perSecond } = this.#options;
    const rate = (this.#count * 1000) / windowMs;
    // The window is the time that it has to last.
    const limits = { raiseAt: perSecond, clearBelow: perSecond / 2, holdMs: 0 };
    this.#state = stepThreshold(this.#state, rate, scheduler.now(), limits);
    const { isRaised } = this.#state;
    const isQuiet = this.#count === 0;
    this.#count = 0;
    this.#cancel = isQuiet && !isRaised ? undefined : scheduler.after(windowMs, () => this.#judge());
    const metrics = { registrationsPerSecond: rate };
    if (isRaised)
      this.#tell({ severity: "warning", message: `Phones register in a storm (${rate} a second)`, metrics });
    else this.#tell({ severity: "info", message: `The storm of registrations is over (${rate} a second)`, metrics });
  }
}
