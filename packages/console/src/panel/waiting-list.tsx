import { useCallback } from "react";
import { useSelector } from "@pbx-x/client/react";
import { sameList } from "../live/shallow.ts";
import { useNameOf } from "../live/directory.tsx";
import { Elapsed } from "../ui/elapsed.tsx";
import { useIsPaused } from "../live/use-live-channels.ts";
import { useWords } from "../words/use-words.ts";

/** Calls that wait in queues, by queue and position. */
export function WaitingList() {
  const t = useWords();
  const isPaused = useIsPaused("queues");
  const nameOf = useNameOf();
  const entries = useSelector(
    useCallback(
      (read) =>
        [...read("queueEntries").values()].toSorted(
          (a, b) => a.queueId.localeCompare(b.queueId) || a.position - b.position || a.callId.localeCompare(b.callId),
        ),
      [],
    ),
    sameList,
  );
  const queues = useSelector(
    useCallback((read) => [...read("queues").values()], []),
    sameList,
  );
  return (
    <section aria-label={t("panel.waiting")} className="panel">
      <h2 className="border-b border-line px-3 py-2">
        {t("panel.waiting")} <span className="num">{entries.length}</span>
      </h2>
      {entries.length === 0 && (
        <p className="px-3 py-3 text-sm text-muted">{t(isPaused ? "connection.pausedHere" : "panel.nobodyWaits")}</p>
      )}
      <ol>
        {entries.map(({ callId, queueId, caller, position, enteredAt }) => (
          <li key={callId} className="flex items-center gap-2 border-b border-line px-3 py-2 last:border-0">
            <span className="num w-5 text-muted">{position}</span>
            <span className="min-w-0 flex-1">
              <span className="block truncate font-medium">{nameOf(caller) ?? t("call.unknown")}</span>
              <span className="block truncate text-xs text-muted">
                {queues.find((queue) => queue.queueId === queueId)?.queueName}
              </span>
            </span>
            <Elapsed since={enteredAt} label={t("panel.waiting")} className="text-sm" />
          </li>
        ))}
      </ol>
    </section>
  );
}
