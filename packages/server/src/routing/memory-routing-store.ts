import type { GuardSettings } from "./outside-guard.ts";
import type { RoutingRecords, RoutingStore } from "./rule-book.ts";

/** Rules without a database, for tests. */
export function createMemoryRoutingStore(
  records: { readonly [Table in keyof RoutingRecords]?: readonly RoutingRecords[Table][] } = {},
  guards?: GuardSettings,
): RoutingStore {
  return {
    load: async (table) => records[table] ?? [],
    save: async () => undefined,
    remove: async () => undefined,
    loadGuards: async () => guards,
    saveGuards: async () => undefined,
  };
}
