import type { Scheduler } from "@pbx-x/telephony";

/** Does something for each of many at once, but not more often than so; what is asked for meanwhile is done once. */
export class Pace {
  readonly #scheduler: Scheduler;
  readonly #everyMs: number;
  readonly #act: (key: string) => void;
  /** Those that were served lately; `true`: asked for again since. */
  readonly #waiting = new Map<string, boolean>();

  constructor(scheduler: Scheduler, everyMs: number, act: (key: string) => void) {
    this.#scheduler = scheduler;
    this.#everyMs = everyMs;
    this.#act = act;
  }

  /** At once, or when the time since the last one is over. */
  ask(key: string): void {
    if (this.#waiting.has(key)) {
      this.#waiting.set(key, true);
      return;
    }
    this.#serve(key);
  }

  #serve(key: string): void {
    this.#waiting.set(key, false);
    this.#scheduler.after(this.#everyMs, () => {
      const isAsked = this.#waiting.get(key) === true;
      this.#waiting.delete(key);
      if (isAsked) this.#serve(key);
    });
    this.#act(key);
  }
}
