import { useMemo } from "react";
import { allPages } from "../rest/api.ts";
import { useApi } from "../rest/use-api.ts";
import type { T } from "../words/use-words.ts";
import { isWordKey } from "../words/words.ts";
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

/** Values of the interface with the words for them, e.g. `strategy.random`. */
export function wordOptions(t: T, prefix: string, values: readonly string[]): Options {
  return values.map((value) => {
    const key = `${prefix}.${value}`;
    return { value, label: isWordKey(key) ? t(key) : value };
  });
}

/** Values that are what they are called. */
export function literalOptions(values: readonly string[]): Options {
  return values.map((value) => ({ value, label: value }));
}
