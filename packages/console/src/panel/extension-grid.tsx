import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, memo, startTransition, useCallback, useEffect, useRef, useState } from "react";
import type { Entry } from "../live/directory.tsx";
import { preferences } from "../settings/preferences.ts";
import { useStore } from "../ui/store.ts";
import { useWords } from "../words/use-words.ts";
import { ExtensionCard } from "./extension-card.tsx";

const heights = { compact: 56, normal: 64, wide: 80 } as const;
const cardWidth = 236;
/** What is laid out in one go at first; the rest of the screen follows, so that neither holds the page up for long. */
const firstRows = 6;

interface ExtensionGridProps {
  readonly entries: readonly Entry[];
  readonly onOpen: (number: string) => void;
}

/** All colleagues in the order of their numbers; only the rows on view are in the page ([U20], [U23]). */
export function ExtensionGrid({ entries, onOpen }: ExtensionGridProps) {
  const t = useWords();
  const scroll = useRef<HTMLDivElement>(null);
  const density = useStore(preferences, (all) => all.density);
  const columns = useColumns(scroll);
  const [active, setActive] = useState<string | undefined>();
  const activeIndex = entries.findIndex(({ number }) => number === active);
  const rowCount = columns === 0 ? 0 : Math.ceil(entries.length / columns);
  const activeRow = activeIndex < 0 || columns === 0 ? -1 : Math.floor(activeIndex / columns);
  const rows = useVirtualizer({
    count: rowCount,
    getScrollElement: () => scroll.current,
    estimateSize: () => heights[density] + 8,
    overscan: 1,
    getItemKey: useCallback((row: number) => entries[row * columns]?.number ?? row, [entries, columns]),
    // The row that has the focus stays in the page wherever it is.
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      return activeRow < 0 || shown.includes(activeRow) ? shown : [...shown, activeRow].toSorted((a, b) => a - b);
    },
  });
  const [isFilled, setFilled] = useState(false);
  useEffect(() => {
    if (columns === 0 || isFilled) return;
    startTransition(() => setFilled(true));
    // A key led there before it was known how many cards fit beside each other.
    if (activeRow >= 0) rows.scrollToIndex(activeRow);
  }, [columns, isFilled, activeRow, rows]);
  useEffect(() => rows.measure(), [density, rows]);
  const moveTo = (index: number): void => {
    const at = Math.max(0, Math.min(entries.length - 1, index));
    setActive(entries[at]?.number);
    if (columns > 0) rows.scrollToIndex(Math.floor(at / columns));
  };
  const onKey = (event: KeyboardEvent): void => {
    const from = Math.max(0, activeIndex);
    const targets: Readonly<Record<string, number>> = {
      ArrowRight: activeIndex + 1,
      ArrowLeft: from - 1,
      ArrowDown: activeIndex < 0 ? 0 : from + columns,
      ArrowUp: from - columns,
      Home: 0,
      End: entries.length - 1,
    };
    const target = targets[event.key];
    if (target !== undefined && !event.shiftKey) moveTo(target);
    else if (event.key === "Enter" && !event.shiftKey && active !== undefined) onOpen(active);
    else return;
    event.preventDefault();
  };
  return (
    <div
      ref={scroll}
      role="grid"
      aria-label={t("panel.extensions")}
      aria-rowcount={rowCount}
      aria-colcount={columns}
      aria-activedescendant={active === undefined ? undefined : `extension-${active}`}
      tabIndex={0}
      data-scroll
      // Opaque and with square corners: only so is it scrolled by moving what is drawn already, else each frame is drawn anew.
      className="min-h-0 flex-1 overflow-auto bg-base p-1"
      onKeyDown={onKey}
    >
      <div role="presentation" className="relative" style={{ height: rows.getTotalSize() }}>
        {(isFilled ? rows.getVirtualItems() : rows.getVirtualItems().slice(0, firstRows)).map(
          ({ index, key, start }) => (
            <Row
              key={key}
              index={index}
              start={start}
              height={heights[density]}
              columns={columns}
              entries={entries}
              active={index === activeRow ? active : undefined}
              onOpen={onOpen}
            />
          ),
        )}
      </div>
    </div>
  );
}

interface RowProps extends ExtensionGridProps {
  readonly index: number;
  readonly start: number;
  readonly height: number;
  readonly columns: number;
  /** The number that is meant, if it is in this row. */
  readonly active: string | undefined;
}

/** A row that stays where it is costs nothing while the list is scrolled. */
const Row = memo(function Row({ index, start, height, columns, entries, active, onOpen }: RowProps) {
  return (
    <div
      role="row"
      aria-rowindex={index + 1}
      className="absolute inset-x-0 grid gap-2 [contain:layout_size_style]"
      style={{ top: start, height, gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
    >
      {entries.slice(index * columns, (index + 1) * columns).map((entry) => (
        <ExtensionCard key={entry.number} entry={entry} isActive={entry.number === active} onOpen={onOpen} />
      ))}
    </div>
  );
});

/** How many cards fit beside each other; 0 until it is known, so that none is drawn twice. */
function useColumns(node: { readonly current: HTMLElement | null }): number {
  const [columns, setColumns] = useState(0);
  useEffect(() => {
    if (node.current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry === undefined) return;
      const fitting = Math.max(1, Math.floor((entry.contentRect.width + 8) / (cardWidth + 8)));
      // A screen full of cards is made in slices, between which the page answers.
      startTransition(() => setColumns(fitting));
    });
    observer.observe(node.current);
    return () => observer.disconnect();
  }, [node]);
  return columns;
}
