import type { Extension } from "../extensions/extension.ts";

/** Where a dialled number leads. One place for every way of dialling. */
export type Route =
  | { readonly kind: "extension"; readonly extension: Extension }
  | { readonly kind: "none"; readonly reason: "no_such_number" | "empty_number" };

export interface RoutingTables {
  readonly extensionByNumber: (number: string) => Extension | undefined;
}

/** Longest number that is looked at; E.164 has 15 digits, prefixes and feature codes come on top. */
export const maximumNumberLength = 64;

export function routeNumber(dialled: string, tables: RoutingTables): Route {
  const number = normaliseNumber(dialled);
  if (number === "") return { kind: "none", reason: "empty_number" };
  const extension = tables.extensionByNumber(number);
  return extension === undefined ? { kind: "none", reason: "no_such_number" } : { kind: "extension", extension };
}

/** Without the separators that people and directories write. */
export function normaliseNumber(dialled: string): string {
  return dialled.slice(0, maximumNumberLength).replaceAll(/[\s().\-/]/g, "");
}
