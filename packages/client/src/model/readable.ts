import type { Dispose } from "../events/emitter.ts";

/** A value that changes, in the form that view libraries take. */
export interface Readable<T> {
  readonly get: () => T;
  readonly subscribe: (run: () => void) => Dispose;
}
