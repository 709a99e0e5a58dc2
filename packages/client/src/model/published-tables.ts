import { type Change, emptyTables, type ReadonlyTables, type TableName, type Tables } from "@pbx-x/protocol/runtime";
import { dependency } from "./watchers.ts";

/** The tables as subscribers see them: they move all at once, with `publish()` ([M3]). */
export class PublishedTables {
  readonly #tables: Tables = emptyTables();
  /** By table and key: whether it was gone in between. */
  #touched = new Map<TableName, Map<string, boolean>>();

  get tables(): ReadonlyTables {
    return this.#tables;
  }

  touch({ table, key, after }: Change): void {
    const keys = this.#touched.get(table) ?? new Map<string, boolean>();
    this.#touched.set(table, keys.set(key, after === undefined || keys.get(key) === true));
  }

  /** Takes over what was touched; answers what changed, as dependencies. */
  publish(current: ReadonlyTables): ReadonlySet<string> {
    const changed = new Set<string>();
    for (const [table, keys] of this.#touched) {
      for (const [key, wasRemoved] of keys) this.#take(current, table, key, wasRemoved, changed);
    }
    this.#touched = new Map();
    return changed;
  }

  #take(current: ReadonlyTables, table: TableName, key: string, wasRemoved: boolean, changed: Set<string>): void {
    // One table's own entities, from one map of it to the other.
    const shown = this.#tables[table] as Map<string, unknown>;
    const after: unknown = current[table].get(key);
    const before = shown.get(key);
    if (before === after) return;
    // What went and came back stands at the end, as it does in the current table.
    if (after === undefined || wasRemoved) shown.delete(key);
    if (after !== undefined) shown.set(key, after);
    if (before === undefined || after === undefined || wasRemoved) changed.add(dependency.members(table));
    changed.add(dependency.entity(table, key));
    changed.add(dependency.table(table));
  }
}
