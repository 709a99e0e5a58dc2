import { useEffect, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { formatWhen, localeOf } from "../live/format-time.ts";
import { serverNow } from "../live/server-clock.ts";
import { useApi } from "../rest/use-api.ts";
import { useLanguage, useWords } from "../words/use-words.ts";

interface Interval {
  readonly from: string;
  readonly entered: number;
  readonly answered: number;
}

/** The last four hours by quarters; solid and dashed lines, so that colour is not needed, and a table for screen readers. */
export function QueueChart({ queueId }: { readonly queueId: string }) {
  const t = useWords();
  const language = useLanguage();
  const [minute, setMinute] = useState(() => Math.floor(serverNow() / 60_000));
  useEffect(() => {
    const timer = setInterval(() => setMinute(Math.floor(serverNow() / 60_000)), 15_000);
    return () => clearInterval(timer);
  }, []);
  const from = new Date((minute - 240) * 60_000).toISOString();
  const { data } = useApi<{ readonly intervals: readonly Interval[] }>(
    `/queues/${queueId}/stats?from=${from}&intervalMinutes=15`,
  );
  const box = useRef<HTMLDivElement>(null);
  const intervals = useMemo(() => (data === undefined ? undefined : wholeTime(data.intervals, minute)), [data, minute]);
  useEffect(() => {
    if (box.current === null || intervals === undefined || intervals.length < 2) return undefined;
    const style = getComputedStyle(document.documentElement);
    const color = (name: string): string => style.getPropertyValue(name);
    const axis = { stroke: color("--muted"), grid: { stroke: color("--line"), width: 1 }, ticks: { show: false } };
    const clock = new Intl.DateTimeFormat(localeOf(language), { hour: "2-digit", minute: "2-digit" });
    const chart = new uPlot(
      {
        width: box.current.clientWidth,
        height: 130,
        legend: { show: false },
        cursor: { show: false },
        scales: { y: { range: (_, __, max) => [0, Math.max(4, max)] } },
        axes: [
          { ...axis, values: (_, times) => times.map((time) => clock.format(time * 1000)) },
          { ...axis, size: 32 },
        ],
        series: [
          {},
          { stroke: color("--ring"), width: 2, fill: `color-mix(in srgb, ${color("--ring")} 12%, transparent)` },
          { stroke: color("--ok"), width: 2, dash: [6, 4] },
        ],
      },
      [
        intervals.map((each) => Date.parse(each.from) / 1000),
        intervals.map(({ entered }) => entered),
        intervals.map(({ answered }) => answered),
      ],
      box.current,
    );
    const observer = new ResizeObserver(
      ([entry]) => entry !== undefined && chart.setSize({ width: entry.contentRect.width, height: 130 }),
    );
    observer.observe(box.current);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [intervals, language]);
  return (
    <figure className="relative min-w-0">
      <figcaption className="flex gap-4 text-xs text-muted">
        {t("wall.lastHour")}
        <span className="text-ring">── {t("wall.entered")}</span>
        <span className="text-ok">╌╌ {t("wall.answeredCalls")}</span>
      </figcaption>
      <div ref={box} aria-hidden="true" className="min-h-[130px]" />
      <div className="sr-only">
        <table>
          <caption>{t("wall.chart")}</caption>
          <tbody>
            {intervals?.map((each) => (
              <tr key={each.from}>
                <th scope="row">{formatWhen(each.from, language, serverNow())}</th>
                <td>{each.entered}</td>
                <td>{each.answered}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

/** Sixteen steps of a quarter of an hour; where nothing happened there is no interval, which means none. */
function wholeTime(intervals: readonly Interval[], minute: number): readonly Interval[] {
  const known = new Map(intervals.map((each) => [Date.parse(each.from), each]));
  const last = Math.floor(minute / 15) * 15 * 60_000;
  return Array.from({ length: 16 }, (_, index) => {
    const start = last - (15 - index) * 900_000;
    return known.get(start) ?? { from: new Date(start).toISOString(), entered: 0, answered: 0 };
  });
}
