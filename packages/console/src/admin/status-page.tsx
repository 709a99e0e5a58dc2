import { usePbxEvent } from "@pbx-x/client/react";
import { formatWhen } from "../live/format-time.ts";
import { serverNow } from "../live/server-clock.ts";
import type { Page } from "../rest/api.ts";
import { useApi } from "../rest/use-api.ts";
import { Icon } from "../ui/icons.tsx";
import { LoadError } from "../ui/page.tsx";
import { useLanguage, useWords } from "../words/use-words.ts";
import type { Status } from "./extensions-page.tsx";

interface ActiveAlert {
  readonly alertId?: string;
  readonly severity: string;
  readonly title?: string;
  readonly message?: string;
}

/** Whether everything works, and what is wrong where not. */
export function StatusPage() {
  const t = useWords();
  const language = useLanguage();
  const { data: status, error, reload } = useApi<Status>("/system/status");
  const alerts = useApi<Page<ActiveAlert>>("/alerts?limit=50");
  usePbxEvent("SYSTEM_ALERT", alerts.reload);
  const details = status?.details;
  const sip = Object.entries(details?.sip ?? {}).filter(([name]) => name !== "host");
  const rows: readonly (readonly [string, string])[] =
    status === undefined
      ? []
      : [
          [t("admin.version"), status.version],
          [t("admin.engine"), details?.engine ?? "—"],
          ["SIP", sip.map(([name, port]) => `${name.toUpperCase()} ${String(port)}`).join(" · ")],
          [t("admin.started"), details === undefined ? "—" : formatWhen(details.startedAt, language, serverNow())],
          [t("admin.position"), String(details?.seq ?? "—")],
        ];
  return (
    <section aria-label={t("admin.status")} className="flex min-w-0 flex-1 flex-col gap-4">
      <h2 className="!text-lg !text-text">{t("admin.status")}</h2>
      {error !== undefined && <LoadError error={error} onRetry={reload} />}
      {status !== undefined && (
        <div className="panel p-5">
          <p className={`flex items-center gap-2 text-lg font-semibold ${status.healthy ? "text-ok" : "text-danger"}`}>
            <Icon name={status.healthy ? "check" : "warning"} />
            {t(status.healthy ? "admin.healthy" : "admin.unhealthy")}
          </p>
          <dl className="mt-4 grid grid-cols-[max-content_1fr] gap-x-6 gap-y-1.5">
            {rows.map(([label, value]) => (
              <div key={label} className="contents">
                <dt className="text-muted">{label}</dt>
                <dd className="num">{value}</dd>
              </div>
            ))}
          </dl>
        </div>
      )}
      <div className="panel">
        <h3 className="border-b border-line px-4 py-2 text-sm font-semibold">{t("admin.alerts")}</h3>
        {alerts.data?.data.length === 0 && <p className="px-4 py-4 text-sm text-muted">{t("admin.noAlerts")}</p>}
        <ul>
          {alerts.data?.data.map((alert, index) => (
            <li
              key={alert.alertId ?? index}
              className="flex items-center gap-3 border-b border-line px-4 py-2 last:border-0"
            >
              <Icon
                name={alert.severity === "critical" ? "critical" : "warning"}
                className={
                  alert.severity === "info" ? "text-ring" : alert.severity === "warning" ? "text-amber" : "text-danger"
                }
              />
              <span className="font-medium">{alert.title}</span>
              <span className="text-sm text-muted">{alert.message}</span>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
