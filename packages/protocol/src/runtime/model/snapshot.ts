import type { Position } from "../ids.ts";
import {
  commit,
  change,
  emptyTables,
  keyOf,
  type ReadonlyTables,
  type TableEntities,
  type TableName,
  tableNames,
  type Tables,
} from "./tables.ts";

/** Tables that a snapshot holds: all but the ended calls and the ephemeral figures. */
export type SnapshotTableName = Exclude<TableName, "endedCalls" | "queueStats">;

/** In the order in which they are written. */
export const snapshotTables = tableNames.slice(0, -2) as readonly SnapshotTableName[];

/** The state of what some channels cover, as of a position ([W26]). */
export interface Snapshot extends Position {
  /** The channels whose state this is. */
  readonly scope: readonly string[];
  readonly tables: { readonly [Name in SnapshotTableName]: readonly TableEntities[Name][] };
}

/** Whether an entity belongs to the scope. */
export type ScopeFilter = <Name extends SnapshotTableName>(table: Name, entity: TableEntities[Name]) => boolean;

export interface SnapshotOptions extends Position {
  readonly scope: readonly string[];
  /** Everything, if absent. */
  readonly includes?: ScopeFilter;
}

/** The present state as one message; the order within a table is by key, so that equal states give equal snapshots. */
export function snapshotFromTables(tables: ReadonlyTables, { epoch, seq, scope, includes }: SnapshotOptions): Snapshot {
  const rows = <Name extends SnapshotTableName>(name: Name): readonly TableEntities[Name][] =>
    [...tables[name].entries()]
      .filter(([, entity]) => includes?.(name, entity) ?? true)
      .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([, entity]) => entity);
  return {
    epoch,
    seq,
    scope,
    // Rows of each table under its own name, which is what the type says.
    tables: Object.fromEntries(snapshotTables.map((name) => [name, rows(name)])) as unknown as Snapshot["tables"],
  };
}

/** New tables that hold what the snapshot tells; tables that it does not know are empty. */
export function tablesFromSnapshot(snapshot: Snapshot): Tables {
  const tables = emptyTables();
  for (const name of snapshotTables) load(tables, name, snapshot.tables[name] ?? []);
  return tables;
}

function load<Name extends SnapshotTableName>(
  tables: Tables,
  name: Name,
  entities: readonly TableEntities[Name][],
): void {
  for (const entity of entities) commit(tables, change(tables, name, keyOf(name, entity), entity));
}
