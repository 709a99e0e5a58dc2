import { useCallback, useMemo } from "react";
import { useSearchParams } from "wouter";
import type { Channel } from "@pbx-x/protocol/runtime";
import { fold, searchDirectory } from "../dial/search-directory.ts";
import { useDirectory } from "../live/directory.tsx";
import { useLiveChannels } from "../live/use-live-channels.ts";
import { useMe } from "../session/me.ts";
import { ConfigureLink } from "../ui/configure-link.tsx";
import { Empty, Skeleton } from "../ui/page.tsx";
import { useWords } from "../words/use-words.ts";
import { ExtensionDialog } from "./extension-dialog.tsx";
import { ExtensionGrid } from "./extension-grid.tsx";
import { PanelFilter } from "./panel-filter.tsx";
import { ParkBar } from "./park-bar.tsx";
import { RecentCalls } from "./recent-calls.tsx";
import { useActiveNumbers } from "./use-active-numbers.ts";
import { WaitingList } from "./waiting-list.tsx";

/** See everyone, move calls (§4.1 of the design). */
export function PanelPage() {
  const t = useWords();
  const { permissions } = useMe();
  const seesAll = permissions.has("calls.view.all");
  useLiveChannels(panelChannels(permissions));
  const [search, setSearch] = useSearchParams();
  const { entries, isLoading } = useDirectory();
  const [text, team, isActiveOnly] = [search.get("q") ?? "", search.get("team") ?? "", search.get("active") === "1"];
  const active = useActiveNumbers(isActiveOnly);
  const shown = useMemo(() => {
    const fitting =
      text === "" ? undefined : new Set(searchDirectory(entries, text, entries.length).map(({ number }) => number));
    return entries.filter(
      ({ number, department }) =>
        (fitting === undefined || fitting.has(number)) &&
        (team === "" || fold(department ?? "") === fold(team)) &&
        (active === undefined || active.has(number)),
    );
  }, [entries, text, team, active]);
  const open = useCallback(
    (number: string | undefined): void =>
      setSearch((before) => {
        const next = new URLSearchParams(before);
        if (number === undefined) next.delete("ext");
        else next.set("ext", number);
        return next;
      }),
    [setSearch],
  );
  return (
    <div className="flex flex-col lg:h-full lg:min-h-[420px]">
      <h1 className="sr-only">{t("panel.title")}</h1>
      <div className="flex min-h-0 flex-1 flex-col gap-4 p-4 lg:flex-row">
        <aside className="flex shrink-0 flex-col gap-4 max-lg:order-last lg:w-[280px] lg:overflow-auto">
          {seesAll && <WaitingList />}
          <RecentCalls />
        </aside>
        <section aria-label={t("panel.extensions")} className="flex min-w-0 flex-1 flex-col gap-3 max-lg:h-[60vh]">
          <PanelFilter entries={entries} />
          {entries.length === 0 && isLoading ? (
            <Skeleton />
          ) : entries.length === 0 ? (
            <Empty icon="grid" text={t("panel.empty")}>
              <ConfigureLink href="/admin/extensions" text={t("panel.addOne")} />
            </Empty>
          ) : shown.length === 0 ? (
            <Empty icon="search" text={t("panel.nothing")} />
          ) : (
            <ExtensionGrid entries={shown} onOpen={open} />
          )}
        </section>
      </div>
      <ParkBar />
      <ExtensionDialog number={search.get("ext") ?? undefined} onClose={() => open(undefined)} />
    </div>
  );
}

function panelChannels(permissions: ReadonlySet<string>): readonly Channel[] {
  if (permissions.has("calls.view.all")) {
    const queues: readonly Channel[] = permissions.has("queues.view.all") ? ["queues"] : [];
    return ["presence", "extensions", "calls", "parking", ...queues];
  }
  return ["presence", "parking"];
}
