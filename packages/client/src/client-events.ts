import type { Dispose } from "./events/emitter.ts";
import type { Gap, Resumed } from "./delivery/catch-up.ts";

/** What the client itself tells. */
export interface ClientEvents {
  readonly resumed: Resumed;
  readonly gap: Gap;
  /** The server refused a channel ([S2]). */
  readonly channelError: { readonly channel: string; readonly code: string; readonly message: string };
  /** A listener of the application threw ([D3]). */
  readonly error: unknown;
}

/** Listeners of the client's own events. */
export class ClientListeners {
  readonly #runs = new Map<keyof ClientEvents, Set<(event: never) => void>>();

  on<T extends keyof ClientEvents>(type: T, run: (event: ClientEvents[T]) => void): Dispose {
    const runs = this.#runs.get(type) ?? new Set();
    this.#runs.set(type, runs.add(run));
    return () => runs.delete(run);
  }

  emit<T extends keyof ClientEvents>(type: T, event: ClientEvents[T]): void {
    for (const run of Array.from(this.#runs.get(type) ?? [])) {
      try {
        (run as (event: ClientEvents[T]) => void)(event);
      } catch (error) {
        // A listener for errors that throws itself has nobody left to tell.
        if (type !== "error") this.emit("error", error);
      }
    }
  }
}
