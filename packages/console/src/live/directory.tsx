import type { Extension, Party } from "@pbx-x/protocol/runtime";
import { createContext, type ReactNode, useCallback, useContext, useMemo } from "react";
import { useMay, useMe } from "../session/me.ts";
import { allPages } from "../rest/api.ts";
import { useApi } from "../rest/use-api.ts";
import { useChannelStatus, useSelector } from "@pbx-x/client/react";

/** What everybody may know of an extension. */
export interface Entry {
  readonly extensionId: string;
  readonly number: string;
  readonly displayName: string;
  readonly department?: string;
}

export interface Directory {
  /** In the order of the numbers. */
  readonly entries: readonly Entry[];
  readonly byNumber: ReadonlyMap<string, Entry>;
  readonly isLoading: boolean;
}

/** One for all comparisons: to make it takes longer than to compare. */
const inOrder = new Intl.Collator("en", { numeric: true });

const DirectoryContext = createContext<Directory | undefined>(undefined);

/** Names and numbers: live where one may see the extensions, else as they were at the log-in. */
export function DirectoryProvider({ children }: { readonly children: ReactNode }) {
  const maySee = useMay("extensions.view.all");
  // Where nobody wants all extensions, the model has the own one only.
  const isLive = useChannelStatus("extensions").is === "live" && maySee;
  const { data, isLoading } = useApi("/directory", (path) => allPages<Entry>(path));
  const live = useSelector(
    useCallback((read) => (isLive ? [...read("extensions").values()] : []), [isLive]),
    sameNames,
  );
  const directory = useMemo((): Directory => {
    const merged = new Map((data ?? []).map((entry) => [entry.number, entry]));
    const present = new Set(live.map(({ number }) => number));
    if (live.length > 0) for (const number of merged.keys()) if (!present.has(number)) merged.delete(number);
    for (const { extensionId, number, displayName, department } of live) {
      const name = displayName ?? merged.get(number)?.displayName ?? number;
      merged.set(number, {
        extensionId,
        number,
        displayName: name,
        ...(typeof department === "string" && { department }),
      });
    }
    const entries = [...merged.values()].toSorted((a, b) => inOrder.compare(a.number, b.number));
    return { entries, byNumber: new Map(entries.map((entry) => [entry.number, entry])), isLoading };
  }, [data, live, isLoading]);
  return <DirectoryContext value={directory}>{children}</DirectoryContext>;
}

/** Only names and numbers count here, not what else changes of an extension. */
function sameNames(a: readonly Extension[], b: readonly Extension[]): boolean {
  return (
    a.length === b.length &&
    a.every((each, index) => {
      const other = b[index];
      return (
        each === other ||
        (each.number === other?.number &&
          each.displayName === other.displayName &&
          each.department === other.department)
      );
    })
  );
}

export function useDirectory(): Directory {
  const directory = useContext(DirectoryContext);
  if (directory === undefined) throw new Error("there is no DirectoryProvider above");
  return directory;
}

/** The best name for a party: its own, the directory's, its number. */
export function useNameOf(): (party: Partial<Party> | undefined) => string | undefined {
  const { byNumber } = useDirectory();
  return useCallback(
    (party) =>
      party === undefined
        ? undefined
        : (party.name ?? byNumber.get(party.number ?? "")?.displayName ?? (party.number || undefined)),
    [byNumber],
  );
}

export function useOwnEntry(): Entry | undefined {
  return useDirectory().byNumber.get(useMe().number ?? "");
}
