import { type Change, change, type ReadonlyTables, type TableEntities, type TableName } from "./tables.ts";

/** An entity that already stands at the event's position or later. */
export function isOld(entity: { readonly seq: number } | undefined, seq: number | undefined): boolean {
  return entity !== undefined && seq !== undefined && seq <= entity.seq;
}

/** What an entity becomes by an event at `seq`, undefined where it ends; nothing if it already stands there or later. */
export function changeAt<Name extends TableName>(
  tables: ReadonlyTables,
  table: Name,
  key: string,
  seq: number | undefined,
  after: Omit<TableEntities[Name], "seq"> | undefined,
): readonly Change[] {
  if (isOld(tables[table].get(key), seq)) return [];
  // The table's own entity, whole with its position.
  return change(tables, table, key, after && ({ ...after, seq: seq ?? 0 } as TableEntities[Name]));
}
