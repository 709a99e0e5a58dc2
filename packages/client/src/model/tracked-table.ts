import type { ReadonlyTables, TableEntities, TableName } from "@pbx-x/protocol/runtime";
import { dependency } from "./watchers.ts";

/** Reads tables; what is read is remembered, and a selector runs again only when that has changed ([M4]). */
export type Reader = <Name extends TableName>(table: Name) => ReadonlyMap<string, TableEntities[Name]>;

/** A reader that tells what was read: one entity, the keys of a table, or all of it. */
export function trackingReader(
  tableOf: (table: TableName) => ReadonlyTables[TableName],
  onRead: (dependency: string) => void,
): Reader {
  return <Name extends TableName>(table: Name) => {
    // A table's own entities.
    const map = tableOf(table) as ReadonlyMap<string, TableEntities[Name]>;
    return trackedMap(map, table, onRead);
  };
}

function trackedMap<Value>(
  map: ReadonlyMap<string, Value>,
  table: TableName,
  onRead: (dependency: string) => void,
): ReadonlyMap<string, Value> {
  const all = (): ReadonlyMap<string, Value> => {
    onRead(dependency.table(table));
    return map;
  };
  const members = (): ReadonlyMap<string, Value> => {
    onRead(dependency.members(table));
    return map;
  };
  const tracked: ReadonlyMap<string, Value> = {
    get: (key) => {
      onRead(dependency.entity(table, key));
      return map.get(key);
    },
    has: (key) => {
      onRead(dependency.entity(table, key));
      return map.has(key);
    },
    get size() {
      return members().size;
    },
    keys: () => members().keys(),
    values: () => all().values(),
    entries: () => all().entries(),
    forEach: (run) => all().forEach((value, key) => run(value, key, tracked)),
    [Symbol.iterator]: () => all()[Symbol.iterator](),
  };
  return tracked;
}
