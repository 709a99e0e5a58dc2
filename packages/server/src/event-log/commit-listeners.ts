import type { LoggedEvent } from "./event-log.ts";

export type CommitListener = (batch: readonly LoggedEvent[]) => void;

/** The listeners of a log. One that throws does not keep the batch from the others. */
export class CommitListeners {
  readonly #listeners = new Set<CommitListener>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  add(listener: CommitListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  deliver(batch: readonly LoggedEvent[]): void {
    for (const listener of this.#listeners) {
      try {
        listener(batch);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}
