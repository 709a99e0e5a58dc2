import type { AnyEvent, EventOf, EventType } from "@pbx-x/protocol/runtime";
import type { Meta } from "../delivery/delivery.ts";

export type Dispose = () => void;
type Listener = (event: never, meta: Meta) => void;

interface Entry {
  readonly run: Listener;
  isActive: boolean;
}

/** Typed listeners, called synchronously in the order of their arrival ([D3]). */
export class Emitter {
  readonly #byType = new Map<string, Set<Entry>>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  on<T extends EventType>(type: T | "*", run: (event: EventOf<T>, meta: Meta) => void, signal?: AbortSignal): Dispose {
    const entry: Entry = { run, isActive: true };
    const entries = this.#byType.get(type) ?? new Set();
    this.#byType.set(type, entries.add(entry));
    const dispose = (): void => {
      entry.isActive = false;
      entries.delete(entry);
      signal?.removeEventListener("abort", dispose);
    };
    if (signal?.aborted === true) dispose();
    else signal?.addEventListener("abort", dispose, { once: true });
    return dispose;
  }

  /** A listener that throws is reported and hurts nobody; one that was disposed meanwhile hears nothing more. */
  emit(event: AnyEvent, meta: Meta): void {
    for (const type of [event.type, "*"]) {
      for (const entry of Array.from(this.#byType.get(type) ?? [])) {
        if (!entry.isActive) continue;
        try {
          entry.run(event as never, meta);
        } catch (error) {
          this.#onError(error);
        }
      }
    }
  }
}
