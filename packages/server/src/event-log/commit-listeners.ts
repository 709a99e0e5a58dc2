import type { CommitTurn, LoggedEvent } from "./event-log.ts";

export type CommitListener = (batch: readonly LoggedEvent[]) => void;

/** The listeners of a log. One that throws does not keep the batch from the others. */
export class CommitListeners {
  readonly #listeners: Readonly<Record<CommitTurn, Set<CommitListener>>> = { first: new Set(), after: new Set() };
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  add(listener: CommitListener, turn: CommitTurn = "after"): () => void {
    this.#listeners[turn].add(listener);
    return () => this.#listeners[turn].delete(listener);
  }

  deliver(batch: readonly LoggedEvent[]): void {
    for (const listener of [...this.#listeners.first, ...this.#listeners.after]) {
      try {
        listener(batch);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}
