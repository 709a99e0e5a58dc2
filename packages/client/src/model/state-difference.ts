import {
  type Change,
  change,
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
    [...tables[name]].flatMap(([key, entity]) =>
      isCovered(name, entity as never) ? [] : change(tables, name, key, undefined),
    ),
  );
}

function differences(
  tables: ReadonlyTables,
  name: SnapshotTableName,
  snapshot: Snapshot,
  isWhole: boolean,
): readonly Change[] {
  const gone = new Set(isWhole ? tables[name].keys() : []);
  const changes = (snapshot.tables[name] ?? []).flatMap((entity) => {
    const key = keyOf(name, entity as never);
    gone.delete(key);
    const before = tables[name].get(key);
    const isSame = before?.seq === entity.seq && JSON.stringify(before) === JSON.stringify(entity);
    const isNewer = before !== undefined && before.seq > entity.seq && !isWhole;
    return isSame || isNewer ? [] : change(tables, name, key, entity as never);
  });
  return [...changes, ...[...gone].flatMap((key) => change(tables, name, key, undefined))];
}
