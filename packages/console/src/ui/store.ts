import { useSyncExternalStore } from "react";

/** A value outside of React that views can follow. */
export interface Store<T> {
  readonly get: () => T;
  set(value: T): void;
  readonly subscribe: (run: () => void) => () => void;
}

export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const runs = new Set<() => void>();
  return {
    get: () => value,
    set: (next) => {
      if (Object.is(value, next)) return;
      value = next;
      for (const run of Array.from(runs)) run();
    },
    subscribe: (run) => {
      runs.add(run);
      return () => runs.delete(run);
    },
  };
}

/** Follows a store, or a part of it that is compared by identity. */
export function useStore<T>(store: Store<T>): T;
export function useStore<T, Part>(store: Store<T>, pick: (value: T) => Part): Part;
export function useStore<T, Part>(store: Store<T>, pick?: (value: T) => Part): T | Part {
  const read = (): T | Part => (pick === undefined ? store.get() : pick(store.get()));
  return useSyncExternalStore(store.subscribe, read, read);
}
