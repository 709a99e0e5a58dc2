import type { Dispose } from "./emitter.ts";

/** Who wants to be told that something has changed. */
export class Listeners {
  readonly #runs = new Set<() => void>();

  /** Two subscriptions of one function are two. */
  readonly subscribe = (run: () => void): Dispose => {
    const own = (): void => run();
    this.#runs.add(own);
    return () => this.#runs.delete(own);
  };

  tell(): void {
    for (const run of Array.from(this.#runs)) run();
  }
}
