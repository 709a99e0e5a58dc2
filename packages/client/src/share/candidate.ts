import type { Beat } from "./messages.ts";
import { Hub, type HubOptions } from "./hub.ts";

/** The lock that whoever holds the connection has: one at a time ([I11]). */
export function leaderLock(name: string): string {
  return `${name} leader`;
}

/** Waits for its turn to hold the connection, holds it, and waits again when another took it. */
export class Candidate {
  readonly #options: Omit<HubOptions, "before" | "onFenced">;
  readonly #before: () => Beat | undefined;
  #wait: AbortController | undefined;
  #release: () => void = () => undefined;
  #hub: Hub | undefined;
  #isStopped = false;

  constructor(options: Omit<HubOptions, "before" | "onFenced">, before: () => Beat | undefined) {
    this.#options = options;
    this.#before = before;
  }

  get isLeader(): boolean {
    return this.#hub !== undefined;
  }

  /** Waits in line; `isUrgent`: takes the lock from a leader that is silent. */
  stand(isUrgent = false): void {
    if (this.#isStopped || this.isLeader) return;
    this.#wait?.abort();
    const wait = new AbortController();
    this.#wait = wait;
    // A lock cannot be both stolen and waited for.
    const options = isUrgent ? { steal: true } : { signal: wait.signal };
    this.#options.world.locks
      .request(leaderLock(this.#options.name), options, () => this.#lead())
      .catch(() => undefined)
      .then(() => {
        // Stolen by another, or fenced: this one follows from now on.
        if (this.#wait !== wait) return;
        this.#stepDown();
        this.stand();
      })
      .catch(() => undefined);
  }

  stop(): void {
    this.#isStopped = true;
    this.#wait?.abort();
    this.#stepDown();
  }

  #lead(): Promise<void> | undefined {
    if (this.#isStopped) return undefined;
    this.#hub = new Hub({ ...this.#options, before: this.#before(), onFenced: () => this.#stepDown() });
    return new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  #stepDown(): void {
    this.#hub?.stop();
    this.#hub = undefined;
    this.#release();
  }
}
