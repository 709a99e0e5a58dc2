import type { EventOf, EventType } from "@pbx-x/protocol/runtime";
import type { ClientEvents } from "../client-events.ts";
import type { Meta } from "../delivery/delivery.ts";

export type Dispose = () => void;

/** What listeners are given, by the name that they listen to; `*` hears every event of the server. */
type Heard = { readonly [T in EventType | "*"]: [event: EventOf<T extends "*" ? EventType : T>, meta: Meta] } & {
  readonly [T in keyof ClientEvents]: [event: ClientEvents[T]];
};
export type HeardName = keyof Heard;

interface Entry {
  readonly run: (what: never, meta: never) => void;
}

/** Typed listeners, called synchronously in the order of their arrival ([D3]). */
export class Emitter {
  readonly #byName = new Map<string, Set<Entry>>();

  on<T extends HeardName>(name: T, run: (...what: Heard[T]) => void, signal?: AbortSignal): Dispose {
    // Kept under its name, which says what it is given.
    const entry: Entry = { run: run as unknown as Entry["run"] };
    const entries = this.#byName.get(name) ?? new Set();
    this.#byName.set(name, entries.add(entry));
    const dispose = (): void => {
      entries.delete(entry);
      signal?.removeEventListener("abort", dispose);
    };
    if (signal?.aborted === true) dispose();
    else signal?.addEventListener("abort", dispose, { once: true });
    return dispose;
  }

  /** A listener that throws is reported and hurts nobody; one that was disposed meanwhile hears nothing more. */
  emit<T extends HeardName>(name: T, ...what: Heard[T]): void {
    const entries = this.#byName.get(name);
    for (const entry of Array.from(entries ?? [])) {
      if (entries?.has(entry) !== true) continue;
      try {
        entry.run(...(what as unknown as [never, never]));
      } catch (error) {
        // A listener for errors that throws itself has nobody left to tell.
        if (name !== "error") this.emit("error", error);
      }
    }
  }
}
