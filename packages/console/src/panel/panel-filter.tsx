import { useMemo } from "react";
import { useSearchParams } from "wouter";
import type { Entry } from "../live/directory.tsx";
import { densities, preferences, setPreferences } from "../settings/preferences.ts";
import { Choice } from "../ui/choice.tsx";
import { useStore } from "../ui/store.ts";
import { useWords } from "../words/use-words.ts";

/** Filters are in the address, so that a view can be sent and reloaded. */
export function PanelFilter({ entries }: { readonly entries: readonly Entry[] }) {
  const t = useWords();
  const [search, setSearch] = useSearchParams();
  const density = useStore(preferences, (all) => all.density);
  const teams = useMemo(
    () => [...new Set(entries.flatMap(({ department }) => department ?? []))].toSorted(),
    [entries],
  );
  const put = (name: string, value: string): void =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === "") next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  return (
    <div className="flex flex-wrap items-center gap-2">
      <input
        className="field w-44"
        type="search"
        data-field="filter"
        aria-label={t("keys.filter")}
        placeholder={t("common.search")}
        value={search.get("q") ?? ""}
        onChange={({ currentTarget }) => put("q", currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          put("q", "");
          event.currentTarget.blur();
        }}
      />
      <div role="group" aria-label={t("common.status")} className="flex gap-1">
        <button
          type="button"
          className="btn"
          aria-pressed={search.get("active") !== "1"}
          onClick={() => put("active", "")}
        >
          {t("panel.all")}
        </button>
        <button
          type="button"
          className="btn"
          aria-pressed={search.get("active") === "1"}
          onClick={() => put("active", "1")}
        >
          {t("panel.active")}
        </button>
      </div>
      {teams.length > 0 && (
        <Choice
          label={t("panel.team")}
          value={search.get("team") ?? ""}
          options={[
            { value: "", label: `${t("panel.team")}: ${t("common.all")}` },
            ...teams.map((team) => ({ value: team, label: team })),
          ]}
          onChange={(team) => put("team", team)}
        />
      )}
      <span className="ml-auto">
        <Choice
          label={t("density.label")}
          value={density}
          options={densities.map((each) => ({ value: each, label: t(`density.${each}`) }))}
          onChange={(value) => setPreferences({ density: densities.find((each) => each === value) ?? "normal" })}
        />
      </span>
    </div>
  );
}
