import type { AnyEvent } from "@pbx-x/protocol/runtime";
import { useEffect, useMemo, useState } from "react";
import { Link } from "wouter";
import { useNameOf } from "../live/directory.tsx";
import { formatClock, formatElapsed } from "../live/format-time.ts";
import { usePbx } from "@pbx-x/client/react";
import { useApi } from "../rest/use-api.ts";
import { Icon, type IconName } from "../ui/icons.tsx";
import { Empty, LoadError, Skeleton } from "../ui/page.tsx";
import { useLanguage, useWords } from "../words/use-words.ts";
import { isWordKey } from "../words/words.ts";
import { useCallHref } from "./call-href.ts";
import { PhaseBar } from "./phase-bar.tsx";
import { phasesOf, timelineLines } from "./timeline-lines.ts";

const viaIcons: Readonly<Record<string, IconName>> = {
  command: "pulse",
  phone: "phone",
  timer: "clock",
  admin: "gear",
  system: "sliders",
};

/** A call's events as sentences, past and live ([U5]). */
export function Timeline({ callId }: { readonly callId: string }) {
  const t = useWords();
  const hrefOf = useCallHref();
  const language = useLanguage();
  const nameOf = useNameOf();
  const client = usePbx();
  const { data, error, isLoading, reload } = useApi<{ readonly events: readonly AnyEvent[] }>(
    `/calls/${callId}/timeline`,
  );
  const [live, setLive] = useState<readonly AnyEvent[]>([]);
  useEffect(
    () =>
      client.onAny((event) => {
        if (
          event.data !== undefined &&
          "callId" in event.data &&
          event.data.callId === callId &&
          event.seq !== undefined
        )
          setLive((before) => [...before, event]);
      }),
    [client, callId],
  );
  const events = useMemo(() => [...(data?.events ?? []), ...live], [data, live]);
  const lines = useMemo(() => timelineLines(events, t, nameOf), [events, t, nameOf]);
  if (lines.length === 0 && isLoading) return <Skeleton />;
  if (lines.length === 0 && error !== undefined && error.status !== 404)
    return <LoadError error={error} onRetry={reload} />;
  if (lines.length === 0) return <Empty icon="clock" text={t("timeline.empty")} />;
  const merged = events.find((event) => event.type === "CALL_ENDED")?.data;
  const mergedInto = merged !== undefined && "mergedInto" in merged ? merged.mergedInto : undefined;
  return (
    <div className="flex flex-col gap-5">
      <PhaseBar phases={phasesOf(events)} />
      <ol className="flex flex-col">
        {lines.map(({ key, seq, at, offsetMs, text, via, type }) => {
          const viaWord = `timeline.by.${via}`;
          const viaText = isWordKey(viaWord) ? t(viaWord) : undefined;
          return (
            <li
              key={key}
              data-event={type}
              className="relative flex gap-3 pb-4 pl-1 before:absolute before:top-5 before:bottom-0 before:left-[12px] before:w-px before:bg-line last:before:hidden"
            >
              <span className="mt-0.5 flex h-4 w-4 shrink-0 items-center justify-center text-muted" title={viaText}>
                <Icon name={viaIcons[via ?? ""] ?? "disc"} size={14} />
              </span>
              <span className="min-w-0 flex-1">
                <span className="block font-medium">{text}</span>
                <span className="num block text-xs text-muted" title={at}>
                  {formatClock(Date.parse(at), language)} · +{formatElapsed(offsetMs)}
                  {viaText !== undefined && ` · ${viaText}`}
                </span>
              </span>
              <span className="num text-xs text-muted">{seq}</span>
            </li>
          );
        })}
      </ol>
      {mergedInto !== undefined && (
        <Link href={hrefOf(mergedInto)} className="btn self-start">
          <Icon name="right" />
          {t("timeline.merged")}
        </Link>
      )}
      <Link href={`/events?q=${encodeURIComponent(`call:${callId}`)}`} className="btn self-start">
        <Icon name="list" />
        {t("timeline.inspector")}
      </Link>
    </div>
  );
}
