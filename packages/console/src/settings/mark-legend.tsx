import { markParts } from "../ui/marks.ts";
import { StateMark } from "../ui/state-mark.tsx";
import { useWords } from "../words/use-words.ts";

/** What the marks mean, all of them. */
export function MarkLegend() {
  const t = useWords();
  return (
    <section aria-label={t("marks.title")} data-legend className="panel p-4">
      <h2 className="mb-3">{t("marks.title")}</h2>
      <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2 lg:grid-cols-3">
        {markParts.map(({ word, marks }) => (
          <div key={word}>
            <h3 className="mb-1 text-sm font-semibold" id={word}>
              {t(word)}
            </h3>
            <ul aria-labelledby={word} className="flex flex-col gap-1">
              {marks.map((mark) => (
                <li key={mark.word}>
                  <StateMark mark={mark} />
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </section>
  );
}
