import { useQueueEntries, useQueueStats } from "@pbx-x/client/react";
import { lazy, Suspense, useEffect, useState } from "react";
import { formatClock } from "../live/format-time.ts";
import { serverNow } from "../live/server-clock.ts";
import { Elapsed } from "../ui/elapsed.tsx";
import { Icon } from "../ui/icons.tsx";
import { agentMark, wallMark } from "../ui/marks.ts";
import { StateMark, toneText, toneTint } from "../ui/state-mark.tsx";
import { useLanguage, useWords } from "../words/use-words.ts";
import { type Level, steadyLevel, wallLevel } from "./wall-level.ts";

const QueueChart = lazy(async () => ({ default: (await import("./queue-chart.tsx")).QueueChart }));

/** One queue: figures as of their time, the longest wait ticking from the oldest waiting call. */
export function QueueTile({
  queueId,
  name,
  hasChart,
}: {
  readonly queueId: string;
  readonly name: string;
  readonly hasChart: boolean;
}) {
  const t = useWords();
  const language = useLanguage();
  const stats = useQueueStats(queueId);
  const entries = useQueueEntries(queueId);
  const oldest = entries
    .map(({ enteredAt }) => enteredAt)
    .filter((at) => at !== undefined)
    .toSorted()[0];
  const level = useSteadyLevel(stats === undefined ? "ok" : wallLevel(stats));
  const isOld = useIsOld(stats?.at);
  const { tone, icon, word } = wallMark(level);
  const time = stats === undefined ? "" : formatClock(Date.parse(stats.at), language);
  return (
    <section
      aria-label={name}
      data-queue={name}
      data-level={level}
      className="panel flex min-w-0 flex-col gap-4 self-start p-5"
      style={level === "ok" ? undefined : toneTint(tone)}
    >
      <div className="flex flex-wrap items-center gap-3">
        <h2 className="!text-xl !text-text">{name}</h2>
        <span className={`inline-flex items-center gap-1.5 font-semibold ${toneText(tone)}`}>
          <Icon name={icon} />
          {t(word)}
        </span>
        <span
          className={`num ml-auto text-sm ${isOld ? "rounded-sm border border-dashed border-amber px-2 font-semibold text-amber" : "text-muted"}`}
        >
          {stats === undefined ? t("wall.noFigures") : t(isOld ? "wall.old" : "wall.asOf", { time })}
        </span>
      </div>
      <div className="flex flex-wrap gap-x-10 gap-y-4">
        <Figure label={t("wall.waiting")} value={String(entries.length)} />
        <Figure label={t("wall.longest")} value={oldest === undefined ? "0:00" : undefined} since={oldest} />
        <Figure
          label={t("wall.level")}
          value={stats?.serviceLevelPercent === undefined ? "—" : `${Math.round(stats.serviceLevelPercent)} %`}
        />
      </div>
      <div className="flex flex-wrap gap-x-6 gap-y-2">
        {(["available", "busy", "wrap_up", "break"] as const).map((status) => (
          <span key={status} className="inline-flex items-center gap-2 text-lg">
            <StateMark mark={agentMark(status)} />
            <span className="num font-semibold">
              {stats === undefined
                ? "—"
                : {
                    available: stats.availableAgents,
                    busy: stats.busyAgents,
                    wrap_up: stats.wrapUpAgents,
                    break: stats.breakAgents ?? 0,
                  }[status]}
            </span>
          </span>
        ))}
        <span className="num ml-auto text-muted">
          {t("wall.answered")} <strong className="text-text">{stats?.answeredToday ?? "—"}</strong> ·{" "}
          {t("wall.abandoned")} <strong className="text-text">{stats?.abandonedToday ?? "—"}</strong>
        </span>
      </div>
      {hasChart && (
        <Suspense fallback={<div className="h-[140px]" />}>
          <QueueChart queueId={queueId} />
        </Suspense>
      )}
    </section>
  );
}

function Figure({
  label,
  value,
  since,
}: {
  readonly label: string;
  readonly value?: string | undefined;
  readonly since?: string | undefined;
}) {
  return (
    <div>
      <p className="text-sm text-muted">{label}</p>
      <p className="num text-[clamp(32px,3.4vw,120px)] leading-none whitespace-nowrap font-semibold tracking-tight">
        {since === undefined ? value : <Elapsed since={since} label={label} />}
      </p>
    </div>
  );
}

function useSteadyLevel(fresh: Level): Level {
  const [shown, setShown] = useState<ReturnType<typeof steadyLevel>>({ level: fresh });
  useEffect(() => {
    const look = (): void => setShown((before) => steadyLevel(before, fresh, performance.now()));
    look();
    const timer = setInterval(look, 1000);
    return () => clearInterval(timer);
  }, [fresh]);
  return shown.level;
}

/** No figures for 15 s. */
function useIsOld(at: string | undefined): boolean {
  const [isOld, setOld] = useState(false);
  useEffect(() => {
    const look = (): void => setOld(at !== undefined && serverNow() - Date.parse(at) > 15_000);
    look();
    const timer = setInterval(look, 1000);
    return () => clearInterval(timer);
  }, [at]);
  return isOld;
}
