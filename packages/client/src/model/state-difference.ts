import {
  type Change,
  keyOf,
  type ReadonlyTables,
  scopeFilter,
  type Snapshot,
  type SnapshotTableName,
  snapshotTables,
} from "@pbx-x/protocol/runtime";

/** What a snapshot changes: all of the state is replaced ([D5] step 4, [D8]). */
export function replaceBy(tables: ReadonlyTables, snapshot: Snapshot): readonly Change[] {
  return snapshotTables.flatMap((name) => differences(tables, name, snapshot, true));
}

/**
 * A channel that came later: an older value never overwrites a newer one, nothing is taken away ([D9]), and what ended
 * since the state was asked for (`"<table> <key>"`) does not come back.
 */
export function mergeIn(
  tables: ReadonlyTables,
  snapshot: Snapshot,
  removedSince: ReadonlySet<string> = new Set(),
): readonly Change[] {
  return snapshotTables
    .flatMap((name) => differences(tables, name, snapshot, false))
    .filter(({ table, key }) => !removedSince.has(`${table} ${key}`));
}

/** What no channel covers any more ([M8]). */
export function outsideOf(tables: ReadonlyTables, scope: readonly string[]): readonly Change[] {
  const isCovered = scopeFilter(tables, scope);
  return snapshotTables.flatMap((name) =>
    [...tables[name].entries()]
      .filter(([, entity]) => !isCovered(name, entity as never))
      .map(([key, before]) => changeOf(name, key, before, undefined)),
  );
}

function differences(
  tables: ReadonlyTables,
  name: SnapshotTableName,
  snapshot: Snapshot,
  isWhole: boolean,
): readonly Change[] {
  const changes: Change[] = [];
  const keys = new Set<string>();
  for (const entity of snapshot.tables[name] ?? []) {
    const key = keyOf(name, entity as never);
    keys.add(key);
    const before = tables[name].get(key);
    const isSame =
      before !== undefined && before.seq === entity.seq && JSON.stringify(before) === JSON.stringify(entity);
    const isNewer = before !== undefined && before.seq > entity.seq && !isWhole;
    if (!isSame && !isNewer) changes.push(changeOf(name, key, before, entity));
  }
  if (!isWhole) return changes;
  for (const [key, before] of tables[name]) if (!keys.has(key)) changes.push(changeOf(name, key, before, undefined));
  return changes;
}

function changeOf(table: SnapshotTableName, key: string, before: unknown, after: unknown): Change {
  // A table and its own entities, which is what the union of changes consists of.
  return { table, key, before, after } as Change;
}
