import { useState } from "react";
import { serverNow } from "../live/server-clock.ts";
import { showFailure } from "../live/show-failure.ts";
import { request } from "../rest/api.ts";
import { Icon } from "../ui/icons.tsx";
import { useWords } from "../words/use-words.ts";

/** Everything that the filter finds as one CSV file, page by page with progress. */
export function CsvButton({ query, total }: { readonly query: string; readonly total: number }) {
  const t = useWords();
  const [done, setDone] = useState<number | undefined>();
  const isDisabled = done !== undefined || total === 0;
  const save = async (): Promise<void> => {
    try {
      const parts: string[] = [];
      const startedAt = new Date(serverNow()).toISOString();
      const pages = Math.ceil(total / 100);
      for (let page = 1; page <= pages; page += 1) {
        setDone(Math.min(total, (page - 1) * 100));
        const params = new URLSearchParams(query);
        // What begins meanwhile would shift the pages.
        if (!params.has("to")) params.set("to", startedAt);
        params.set("limit", "100");
        params.set("page", String(page));
        params.set("format", "csv");
        const text = await (await request(`/cdr?${params.toString()}`)).text();
        // Each page repeats the line of titles.
        parts.push(page === 1 ? text : text.slice(text.indexOf("\n") + 1));
      }
      const link = document.createElement("a");
      link.href = URL.createObjectURL(
        new Blob([parts.map((part) => part.replace(/\n?$/, "\n")).join("")], { type: "text/csv" }),
      );
      link.download = "calls.csv";
      link.click();
      URL.revokeObjectURL(link.href);
    } catch (error) {
      showFailure(error);
    } finally {
      setDone(undefined);
    }
  };
  return (
    <button type="button" className="btn" aria-disabled={isDisabled} onClick={() => !isDisabled && void save()}>
      <Icon name="download" />
      {done === undefined ? t("history.csv") : t("history.csvRunning", { done, total })}
    </button>
  );
}
