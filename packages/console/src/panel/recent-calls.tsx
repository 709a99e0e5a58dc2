import { Link } from "wouter";
import { useDial } from "../dial/use-dial.ts";
import { isMissed, type CallRecord, recordDirection } from "../history/call-record.ts";
import { useNameOf } from "../live/directory.tsx";
import { formatWhen } from "../live/format-time.ts";
import { serverNow } from "../live/server-clock.ts";
import { useReloadOn } from "../live/use-reload-on.ts";
import type { Page } from "../rest/api.ts";
import { useApi } from "../rest/use-api.ts";
import { useMe } from "../session/me.ts";
import { preferences, setPreferences } from "../settings/preferences.ts";
import { useCallHref } from "../timeline/call-href.ts";
import { Icon } from "../ui/icons.tsx";
import { useStore } from "../ui/store.ts";
import { useLanguage, useWords } from "../words/use-words.ts";

/** The last own calls; missed ones are marked until all were seen. */
export function RecentCalls() {
  const t = useWords();
  const hrefOf = useCallHref();
  const language = useLanguage();
  const me = useMe();
  const nameOf = useNameOf();
  const dial = useDial();
  const seenAt = useStore(preferences, ({ missedSeenAt }) => missedSeenAt);
  const { data, reload } = useApi<Page<CallRecord>>(
    me.number === undefined ? undefined : `/cdr?limit=12&number=${encodeURIComponent(me.number)}`,
  );
  useReloadOn(["CALL_ENDED"], reload);
  const records = data?.data ?? [];
  const hasUnseen = records.some((record) => isMissed(record, me) && record.startedAt > seenAt);
  return (
    <section aria-label={t("panel.recent")} className="panel">
      <div className="flex items-center border-b border-line px-3 py-2">
        <h2 className="mr-auto">{t("panel.recent")}</h2>
        {hasUnseen && (
          <button
            type="button"
            className="btn btn-ghost btn-sm"
            onClick={() => setPreferences({ missedSeenAt: new Date().toISOString() })}
          >
            {t("panel.allSeen")}
          </button>
        )}
      </div>
      {records.length === 0 && <p className="px-3 py-3 text-sm text-muted">{t("panel.noRecent")}</p>}
      <ul>
        {records.map((record) => {
          const direction = recordDirection(record, me);
          const missed = isMissed(record, me);
          const other = direction === "out" ? record.callee : record.caller;
          const name = nameOf(other) ?? t("call.unknown");
          return (
            <li key={record.callId} className="flex items-center gap-2 border-b border-line px-3 py-1.5 last:border-0">
              <Icon name={missed ? "missed" : direction} className={missed ? "text-danger" : "text-muted"} />
              <Link href={hrefOf(record.callId)} className="min-w-0 flex-1 rounded-sm">
                <span className={`block truncate ${missed && record.startedAt > seenAt ? "font-semibold" : ""}`}>
                  {name}
                </span>
                <span className="num block truncate text-xs text-muted">
                  {missed ? `${t("panel.missed")} · ` : ""}
                  {formatWhen(record.startedAt, language, serverNow())}
                </span>
              </Link>
              <button
                type="button"
                className="btn btn-ghost btn-icon btn-sm"
                aria-label={t("act.dialName", { name })}
                onClick={() => dial(other.number)}
              >
                <Icon name="phone" />
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
