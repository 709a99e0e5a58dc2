import { emptyTables, type TableEntities, type TableName } from "@pbx-x/protocol/runtime";
import { useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { isSameList } from "../model/same-list.ts";
import type { Reader } from "../model/tracked-table.ts";
import { usePbx } from "./provider.ts";
import { empty, useReadable } from "./use-readable.ts";

const readNothing: Reader = (table) => emptyTables()[table] as never;

/** One entity of any table; renders again only when it changes ([M4]). */
export function useEntity<Name extends TableName>(table: Name, key: string): TableEntities[Name] | undefined {
  const { state } = usePbx();
  return useReadable(
    useMemo(() => state.entity(table, key), [state, table, key]),
    undefined,
  );
}

/** Which entities a table has; renders again only when one comes or goes. The base of long lists ([M4]). */
export function useKeys(table: TableName): readonly string[] {
  const { state } = usePbx();
  return useReadable(
    useMemo(() => state.keys(table), [state, table]),
    empty,
  );
}

/** Anything that can be computed from the tables; renders again only when the result differs by `equal` ([M4]). */
export function useSelector<T>(select: (read: Reader) => T, equal: (a: T, b: T) => boolean = Object.is): T {
  const { state } = usePbx();
  const last = useRef<{ readonly is: T } | undefined>(undefined);
  const readable = useMemo(() => {
    const selection = state.select(select, equal);
    let source: { readonly is: T } | undefined;
    let value: { readonly is: T } | undefined;
    let onServer: { readonly is: T } | undefined;
    return {
      subscribe: selection.subscribe,
      get: (): T => {
        const fresh = selection.get();
        if (value !== undefined && source !== undefined && Object.is(source.is, fresh)) return value.is;
        source = { is: fresh };
        // A new function most often computes the same; then the old result stays.
        value = last.current !== undefined && equal(last.current.is, fresh) ? last.current : source;
        return value.is;
      },
      getOnServer: (): T => {
        onServer ??= { is: select(readNothing) };
        return onServer.is;
      },
    };
  }, [state, select, equal]);
  const value = useSyncExternalStore(readable.subscribe, readable.get, readable.getOnServer);
  useEffect(() => {
    last.current = { is: value };
  }, [value]);
  return value;
}

/** A list computed from the tables; the same array while its items are. */
export function useList<T>(select: (read: Reader) => readonly T[]): readonly T[] {
  return useSelector(select, isSameList);
}
