import { useSyncExternalStore } from "react";
import type { Readable } from "../model/readable.ts";

/** What a server renders, and a browser while it takes over the server's page: a constant ([M5]). */
export const empty = Object.freeze([]);

/** A readable must be the same object for as long as it means the same. */
export function useReadable<T>(readable: Readable<T>, onServer: T): T {
  return useSyncExternalStore(readable.subscribe, readable.get, () => onServer);
}
