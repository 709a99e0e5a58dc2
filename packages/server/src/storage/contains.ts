import { type Expression, type RawBuilder, sql, type SqlBool } from "kysely";

/** Whether a column holds a text, capital letters or not; `%` and `_` stand for themselves. */
export function contains(column: Expression<unknown>, text: string): RawBuilder<SqlBool> {
  // The escape is named, as not every database has one of its own; no backslash, which some read twice.
  const pattern = `%${text.replaceAll(/[%_!]/g, "!$&")}%`;
  return sql<SqlBool>`${column} like ${pattern} escape '!'`;
}
