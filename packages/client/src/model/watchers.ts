import type { TableName } from "@pbx-x/protocol/runtime";
import type { Dispose } from "../events/emitter.ts";

/** What can be depended on ([M4]): one entity, which entities a table has, or anything in it. */
export const dependency = {
  entity: (table: TableName, key: string): string => `${table} ${key}`,
  members: (table: TableName): string => `#${table}`,
  table: (table: TableName): string => table,
  /** Who the user is: decides which commands are allowed. */
  actor: "@actor",
} as const;

/** More of one key is most likely a leak of the application ([M8]). */
const manyListeners = 10_000;

/** Who wants to hear of what. A change reaches those that depend on it, however many others there are. */
export class Watchers {
  readonly #runs = new Map<string, Set<() => void>>();
  readonly #warn: (message: string) => void;

  constructor(warn: (message: string) => void) {
    this.#warn = warn;
  }

  add(id: string, run: () => void): Dispose {
    const runs = this.#runs.get(id) ?? new Set();
    this.#runs.set(id, runs.add(run));
    if (runs.size === manyListeners) this.#warn(`${manyListeners} listeners of "${id}"`);
    return () => {
      runs.delete(run);
      if (runs.size === 0 && this.#runs.get(id) === runs) this.#runs.delete(id);
    };
  }

  /** Each of them once, whatever it depends on. */
  of(ids: Iterable<string>): ReadonlySet<() => void> {
    const found = new Set<() => void>();
    for (const id of ids) for (const run of this.#runs.get(id) ?? []) found.add(run);
    return found;
  }
}
