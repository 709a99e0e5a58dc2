import { useCallback } from "react";
import { useSearchParams } from "wouter";

/** Values in the address, so that a view can be sent and reloaded; an empty one is left out. */
export function useQuery(): [get: (name: string) => string, put: (changes: Readonly<Record<string, string>>) => void] {
  const [search, setSearch] = useSearchParams();
  const get = (name: string): string => search.get(name) ?? "";
  const put = useCallback(
    (changes: Readonly<Record<string, string>>) =>
      setSearch(
        (before) => {
          const next = new URLSearchParams(before);
          for (const [name, value] of Object.entries(changes)) {
            if (value === "") next.delete(name);
            else next.set(name, value);
          }
          return next;
        },
        { replace: true },
      ),
    [setSearch],
  );
  return [get, put];
}
