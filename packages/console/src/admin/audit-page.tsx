import { formatWhen } from "../live/format-time.ts";
import { serverNow } from "../live/server-clock.ts";
import type { Page } from "../rest/api.ts";
import { useApi } from "../rest/use-api.ts";
import { PagedList } from "../ui/paged-list.tsx";
import { useQuery } from "../ui/use-query.ts";
import { useLanguage, useWords } from "../words/use-words.ts";
import { useOptions } from "./use-options.ts";

interface Entry {
  readonly id: string;
  readonly at: string;
  readonly userId: string | null;
  readonly action: string;
  readonly subject: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Who did what that matters, and when. */
export function AuditPage() {
  const t = useWords();
  const language = useLanguage();
  const users = useOptions("/users", "displayName");
  const [get] = useQuery();
  const loaded = useApi<Page<Entry>>(`/audit?limit=50&page=${get("page") || "1"}`);
  return (
    <section aria-label={t("admin.audit")} className="flex min-w-0 flex-1 flex-col gap-3">
      <h2 className="!text-lg !text-text">{t("admin.audit")}</h2>
      <PagedList loaded={loaded} emptyIcon="shield" emptyText={t("admin.empty.audit")}>
        {(rows) => (
          <table className="data-table">
            <thead>
              <tr>
                <th scope="col">{t("common.time")}</th>
                <th scope="col">{t("admin.who")}</th>
                <th scope="col">{t("admin.what")}</th>
                <th scope="col">{t("events.subject")}</th>
                <th scope="col">{t("common.details")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ id, at, userId, action, subject, details }) => (
                <tr key={id}>
                  <td className="num whitespace-nowrap" title={at}>
                    {formatWhen(at, language, serverNow())}
                  </td>
                  <td>{users.find(({ value }) => value === userId)?.label ?? "—"}</td>
                  <td>{action}</td>
                  <td className="max-w-40 truncate">{subject}</td>
                  <td className="max-w-64 truncate font-mono text-xs text-muted">
                    {Object.keys(details).length > 0 ? JSON.stringify(details) : ""}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </PagedList>
    </section>
  );
}
