import { type FormEvent, useState } from "react";
import { failureWords } from "../live/failure-words.ts";
import { api } from "../rest/api.ts";
import { Choice } from "../ui/choice.tsx";
import { Icon, type IconName } from "../ui/icons.tsx";
import { useWords } from "../words/use-words.ts";
import { useOptions } from "./use-options.ts";
import { textOf } from "../rest/text-of.ts";

interface Explanation {
  readonly direction: "inbound" | "outbound" | "internal";
  readonly outcome: {
    readonly kind: string;
    readonly number: string;
    readonly reason?: string;
    readonly rule?: { readonly name: string };
    readonly trunks?: readonly { readonly name: string; readonly dials: string }[];
  };
  readonly steps: readonly {
    readonly subject: string;
    readonly verdict: "taken" | "passed_over" | "allowed" | "refused" | "noted";
    readonly why: string;
  }[];
}

const icons: Readonly<Record<Explanation["steps"][number]["verdict"], IconName>> = {
  taken: "check",
  passed_over: "right",
  allowed: "check",
  refused: "cross",
  noted: "info",
};

/** Where a number leads: each rule that was tried, the one that won, and why. */
export function ExplainPage() {
  const t = useWords();
  const trunks = useOptions("/trunks", "name");
  const [trunk, setTrunk] = useState("");
  const [result, setResult] = useState<Explanation | undefined>();
  const [problem, setProblem] = useState("");
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const query = new URLSearchParams({
      from: textOf(form.get("from")),
      to: textOf(form.get("to")),
      ...(trunk !== "" && { trunk }),
    });
    setProblem("");
    api<Explanation>(`/routing/explain?${query.toString()}`).then(setResult, (error: unknown) =>
      setProblem(failureWords(error, t)),
    );
  };
  return (
    <section aria-label={t("admin.explain")} className="flex min-w-0 flex-1 flex-col gap-4">
      <h2 className="!text-lg !text-text">{t("admin.explain")}</h2>
      <form className="flex flex-wrap items-end gap-3" onSubmit={submit}>
        {(["from", "to"] as const).map((name) => (
          <label key={name} className="flex flex-col gap-1 text-sm font-medium">
            {t(`admin.${name}`)}
            <input
              className="field num w-48"
              name={name}
              required
              placeholder={name === "from" ? "200" : "+49 30 1234567"}
            />
          </label>
        ))}
        <div className="flex max-w-full min-w-0 flex-col gap-1 text-sm font-medium">
          <span aria-hidden>{t("admin.over")}</span>
          <Choice
            label={t("admin.over")}
            value={trunk}
            options={[{ value: "", label: "—" }, ...trunks]}
            onChange={setTrunk}
          />
        </div>
        <button type="submit" className="btn btn-primary">
          {t("admin.explainIt")}
        </button>
      </form>
      {problem !== "" && (
        <p role="alert" className="text-danger">
          {problem}
        </p>
      )}
      {result !== undefined && (
        <div className="panel p-5" data-explanation={result.outcome.kind}>
          <p className="text-lg font-semibold">
            {t(`history.${result.direction}`)}: {result.outcome.kind}{" "}
            <span className="num">{result.outcome.number}</span>
          </p>
          <p className="text-sm text-muted">
            {[
              result.outcome.rule?.name,
              ...(result.outcome.trunks ?? []).map(({ name, dials }) => `${name} → ${dials}`),
              result.outcome.reason,
            ]
              .filter((each) => each !== undefined)
              .join(" · ")}
          </p>
          <ol className="mt-4 flex flex-col gap-2">
            {result.steps.map(({ subject, verdict, why }, index) => (
              <li key={index} className="flex gap-3 text-sm">
                <Icon
                  name={icons[verdict]}
                  className={
                    verdict === "taken" || verdict === "allowed"
                      ? "text-ok"
                      : verdict === "refused"
                        ? "text-danger"
                        : "text-muted"
                  }
                />
                <span className="w-24 shrink-0 font-medium">{t(`admin.verdict.${verdict}`)}</span>
                <span>
                  {subject}: {why}
                </span>
              </li>
            ))}
          </ol>
        </div>
      )}
    </section>
  );
}
