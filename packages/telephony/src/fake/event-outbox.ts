import type { TelephonyEvent } from "../events.ts";

/**
 * Hands events to the listeners one after another. What an operation causes is told after `perform` has returned and before
 * its outcome resolves; what a phone does is told at once.
 */
export class EventOutbox {
  readonly #listeners = new Set<(event: TelephonyEvent) => void>();
  readonly #waiting: TelephonyEvent[] = [];
  #isDraining = false;

  subscribe(listener: (event: TelephonyEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  push(event: TelephonyEvent): void {
    this.#waiting.push(event);
    queueMicrotask(() => this.drain());
  }

  drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    try {
      for (let event = this.#waiting.shift(); event !== undefined; event = this.#waiting.shift()) {
        for (const listener of this.#listeners) listener(event);
      }
    } finally {
      this.#isDraining = false;
    }
  }
}
