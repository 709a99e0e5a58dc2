import { useState } from "react";
import { Link } from "wouter";
import { usePbxEvent } from "@pbx-x/client/react";
import { useLiveChannels } from "../live/use-live-channels.ts";
import { useReloadOn } from "../live/use-reload-on.ts";
import { useDial } from "../dial/use-dial.ts";
import { useNameOf } from "../live/directory.tsx";
import { formatElapsed, formatWhen } from "../live/format-time.ts";
import { serverNow } from "../live/server-clock.ts";
import type { Page } from "../rest/api.ts";
import { useApi } from "../rest/use-api.ts";
import { useMay, useMe } from "../session/me.ts";
import { useCallHref } from "../timeline/call-href.ts";
import { Choice } from "../ui/choice.tsx";
import { FilterField } from "../ui/filter-field.tsx";
import { Icon } from "../ui/icons.tsx";
import { PageView } from "../ui/page.tsx";
import { PagedList } from "../ui/paged-list.tsx";
import { useQuery } from "../ui/use-query.ts";
import { useLanguage, useWords } from "../words/use-words.ts";
import { type CallRecord, isMissed, recordDirection } from "./call-record.ts";
import { CsvButton } from "./csv-button.tsx";
import { historyQuery } from "./history-query.ts";

const directions = ["inbound", "outbound", "internal"] as const;
const causes = ["normal_clearing", "busy", "no_answer", "cancel", "rejected", "failed", "timeout"] as const;

/** Past calls with filters; new ones wait behind a chip ([U21] of the design: nothing moves under the pointer). */
export function HistoryPage() {
  const t = useWords();
  const hrefOf = useCallHref();
  const language = useLanguage();
  const me = useMe();
  const nameOf = useNameOf();
  const dial = useDial();
  const [get, put] = useQuery();
  const [newCalls, setNewCalls] = useState(0);
  // Whoever sees everybody's past calls hears of everybody's that end.
  useLiveChannels(useMay("calls.view.all") ? ["calls"] : ["me"]);
  const query = historyQuery(get);
  const loaded = useApi<Page<CallRecord>>(`/cdr?${query}`);
  usePbxEvent("CALL_ENDED", () => setNewCalls((before) => before + 1));
  useReloadOn([], () => {
    setNewCalls(0);
    loaded.reload();
  });
  const filter = (changes: Readonly<Record<string, string>>): void => put({ page: "", ...changes });
  const isFiltered = ["q", "direction", "cause", "from", "to"].some((name) => get(name) !== "");
  return (
    <PageView title={t("history.title")} actions={<CsvButton query={query} total={loaded.data?.meta.total ?? 0} />}>
      <div className="flex flex-wrap items-center gap-2">
        <FilterField value={get("q")} onChange={(q) => filter({ q })} />
        <Choice
          label={t("history.direction")}
          value={get("direction")}
          options={[
            { value: "", label: `${t("history.direction")}: ${t("common.all")}` },
            ...directions.map((value) => ({ value, label: t(`history.${value}`) })),
          ]}
          onChange={(direction) => filter({ direction })}
        />
        <Choice
          label={t("history.cause")}
          value={get("cause")}
          options={[
            { value: "", label: `${t("history.cause")}: ${t("common.all")}` },
            ...causes.map((value) => ({ value, label: t(`cause.short.${value}`) })),
          ]}
          onChange={(cause) => filter({ cause })}
        />
        {(["from", "to"] as const).map((name) => (
          <label key={name} className="flex items-center gap-1.5 text-sm text-muted">
            {t(`history.${name}`)}
            <input
              type="date"
              className="field !min-h-8"
              value={get(name)}
              onChange={({ currentTarget }) => filter({ [name]: currentTarget.value })}
            />
          </label>
        ))}
        {newCalls > 0 && (
          <button
            type="button"
            className="btn btn-primary"
            onClick={() => {
              setNewCalls(0);
              loaded.reload();
            }}
          >
            {t("history.new", { count: newCalls })}
          </button>
        )}
      </div>
      <PagedList
        loaded={loaded}
        emptyIcon="clock"
        emptyText={t(isFiltered ? "history.empty" : "history.none")}
        skeletonRows={10}
        alwaysCounts
      >
        {(rows) => (
          <table className="data-table">
            <thead>
              <tr>
                <th scope="col">{t("common.time")}</th>
                <th scope="col">{t("history.caller")}</th>
                <th scope="col">{t("history.callee")}</th>
                <th scope="col">{t("history.cause")}</th>
                <th scope="col" className="!text-right">
                  {t("common.duration")}
                </th>
                <th scope="col">
                  <span className="sr-only">{t("common.actions")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((record) => {
                const missed = isMissed(record, me);
                const other = recordDirection(record, me) === "out" ? record.callee : record.caller;
                const otherName = nameOf(other) ?? t("call.unknown");
                return (
                  <tr key={record.callId} data-record={record.callId}>
                    <td className="num whitespace-nowrap">
                      <Link
                        href={hrefOf(record.callId)}
                        className="flex items-center gap-2 rounded-sm text-accent underline-offset-2 hover:underline"
                      >
                        <Icon
                          name={missed ? "missed" : recordDirection(record, me)}
                          className={missed ? "text-danger" : "text-muted"}
                        />
                        {formatWhen(record.startedAt, language, serverNow())}
                      </Link>
                    </td>
                    <PartyCell name={nameOf(record.caller)} number={record.caller.number} />
                    <PartyCell name={nameOf(record.callee)} number={record.callee.number} />
                    <td>{t(`cause.short.${record.hangupCause}`)}</td>
                    <td className="num text-right">{formatElapsed(record.durationSeconds * 1000)}</td>
                    <td className="text-right">
                      <button
                        type="button"
                        className="btn btn-ghost btn-icon btn-sm"
                        aria-label={t("act.dialName", { name: otherName })}
                        onClick={() => dial(other.number)}
                      >
                        <Icon name="phone" />
                      </button>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        )}
      </PagedList>
    </PageView>
  );
}

function PartyCell({ name, number }: { readonly name: string | undefined; readonly number: string }) {
  return (
    <td>
      <span className="font-medium">{name ?? number}</span>
      {name !== undefined && name !== number && <span className="num ml-2 text-xs text-muted">{number}</span>}
    </td>
  );
}
