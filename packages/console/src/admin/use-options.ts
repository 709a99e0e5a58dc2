import { useMemo } from "react";
import { allPages } from "../rest/api.ts";
import { useApi } from "../rest/use-api.ts";
import type { Values } from "./field.ts";

export type Options = readonly { readonly value: string; readonly label: string }[];

/** All of a list, for a choice. */
export function useOptions(path: string, label: string): Options {
  const { data } = useApi(path, (wanted) => allPages<Values>(wanted));
  return useMemo(
    () => (data ?? []).map((each) => ({ value: String(each["id"]), label: String(each[label]) })),
    [data, label],
  );
}

export function literalOptions(values: readonly string[]): Options {
  return values.map((value) => ({ value, label: value }));
}
