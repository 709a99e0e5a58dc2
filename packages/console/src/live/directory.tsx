import type { Extension, Party } from "@pbx-x/protocol/runtime";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef } from "react";
import { useMay, useMe } from "../session/me.ts";
import { allPages } from "../rest/api.ts";
import { useApi } from "../rest/use-api.ts";
import { useChannelStatus, useSelector } from "@pbx-x/client/react";
import { type Directory, type Entry, mergeDirectory } from "./merge-directory.ts";

export type { Directory, Entry };

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
  const last = useRef<Directory>(undefined);
  const directory = useMemo(() => mergeDirectory(data ?? [], live, isLoading, last.current), [data, live, isLoading]);
  useEffect(() => {
    last.current = directory;
  }, [directory]);
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
