import { useMemo } from "react";
import type { Entry } from "../live/directory.tsx";
import { densities, preferences, setPreferences } from "../settings/preferences.ts";
import { Choice } from "../ui/choice.tsx";
import { FilterField } from "../ui/filter-field.tsx";
import { useStore } from "../ui/store.ts";
import { useQuery } from "../ui/use-query.ts";
import { useWords } from "../words/use-words.ts";

/** Filters are in the address, so that a view can be sent and reloaded. */
export function PanelFilter({ entries }: { readonly entries: readonly Entry[] }) {
  const t = useWords();
  const [get, put] = useQuery();
  const density = useStore(preferences, (all) => all.density);
  const teams = useMemo(
    () => [...new Set(entries.flatMap(({ department }) => department ?? []))].toSorted(),
    [entries],
  );
  return (
    <div className="flex flex-wrap items-center gap-2">
      <FilterField className="w-44" value={get("q")} onChange={(q) => put({ q })} />
      <div role="group" aria-label={t("common.status")} className="flex gap-1">
        <button type="button" className="btn" aria-pressed={get("active") !== "1"} onClick={() => put({ active: "" })}>
          {t("panel.all")}
        </button>
        <button type="button" className="btn" aria-pressed={get("active") === "1"} onClick={() => put({ active: "1" })}>
          {t("panel.active")}
        </button>
      </div>
      {teams.length > 0 && (
        <Choice
          className="max-w-60"
          label={t("panel.team")}
          value={get("team")}
          options={[
            { value: "", label: `${t("panel.team")}: ${t("common.all")}` },
            ...teams.map((team) => ({ value: team, label: team })),
          ]}
          onChange={(team) => put({ team })}
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
