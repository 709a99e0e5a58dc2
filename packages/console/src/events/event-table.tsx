import { useVirtualizer } from "@tanstack/react-virtual";
import type { AnyEvent } from "@pbx-x/protocol/runtime";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { useLanguage, useWords } from "../words/use-words.ts";
import { formatClock } from "../live/format-time.ts";
import { causeOf, subjectOf } from "./event-filter.ts";

interface EventTableProps {
  readonly events: readonly AnyEvent[];
  readonly chosen: AnyEvent | undefined;
  /** Stays at the newest, as long as the reader has not scrolled away from it. */
  readonly isFollowing: boolean;
  readonly onChoose: (event: AnyEvent) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

const columns = "grid grid-cols-[64px_92px_minmax(150px,1.4fr)_minmax(110px,1fr)_76px] gap-2 px-3";

export function EventTable({ events, chosen, isFollowing, onChoose, onKeyDown }: EventTableProps) {
  const t = useWords();
  const language = useLanguage();
  const scroll = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const rows = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => 28,
    overscan: 12,
  });
  const commandId = chosen === undefined ? undefined : causeOf(chosen)?.commandId;
  useEffect(() => {
    if (isFollowing && isAtEnd.current && events.length > 0) rows.scrollToIndex(events.length - 1, { align: "end" });
  }, [events, isFollowing, rows]);
  useEffect(() => {
    const at = chosen === undefined ? -1 : events.indexOf(chosen);
    if (at >= 0) rows.scrollToIndex(at);
    // Only a choice moves the list, not each new event.
    // eslint-disable-next-line
  }, [chosen]);
  return (
    <div
      role="grid"
      aria-label={t("events.title")}
      aria-rowcount={events.length}
      className="panel flex min-h-0 flex-1 flex-col overflow-hidden text-[13px]"
    >
      <div role="row" className={`${columns} border-b border-line py-1.5 text-xs font-medium text-muted`}>
        <span role="columnheader">{t("events.position")}</span>
        <span role="columnheader">{t("common.time")}</span>
        <span role="columnheader">{t("events.type")}</span>
        <span role="columnheader">{t("events.subject")}</span>
        <span role="columnheader">{t("events.cause")}</span>
      </div>
      <div
        ref={scroll}
        role="rowgroup"
        tabIndex={0}
        className="min-h-0 flex-1 overflow-auto font-mono text-xs"
        onKeyDown={onKeyDown}
        onScroll={({ currentTarget }) => {
          isAtEnd.current = currentTarget.scrollHeight - currentTarget.scrollTop - currentTarget.clientHeight < 60;
        }}
      >
        <div role="presentation" className="relative" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start, key }) => {
            const event = events[index];
            if (event === undefined) return null;
            const cause = causeOf(event);
            const isKin = commandId !== undefined && cause?.commandId === commandId;
            return (
              <div
                key={key}
                role="row"
                aria-rowindex={index + 1}
                aria-selected={event === chosen}
                data-event={event.type}
                className={`${columns} absolute inset-x-0 top-0 h-7 cursor-pointer items-center ${event === chosen ? "bg-[color-mix(in_srgb,var(--accent)_var(--tint),var(--raised))]" : isKin ? "bg-[color-mix(in_srgb,var(--hold)_var(--tint),var(--raised))]" : "hover:bg-raised"}`}
                style={{ transform: `translateY(${start}px)` }}
                onClick={() => onChoose(event)}
              >
                <span role="gridcell" className="num truncate">
                  {event.seq ?? <abbr title={t("events.noPosition")}>·</abbr>}
                </span>
                <span role="gridcell" className="num truncate text-muted" title={event.timestamp}>
                  {formatClock(Date.parse(event.timestamp), language)}
                </span>
                <span role="gridcell" className="truncate font-medium">
                  {event.type}
                </span>
                <span role="gridcell" className="truncate">
                  {subjectOf(event)}
                </span>
                <span role="gridcell" className="truncate text-muted">
                  {cause?.via}
                </span>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
