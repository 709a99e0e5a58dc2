import { useEffect, useRef } from "react";
import { formatElapsed } from "../live/format-time.ts";
import { serverNow } from "../live/server-clock.ts";
import { createStore } from "./store.ts";

/** Timers stop when the data is old ([U26]). */
export const timersStopped = createStore(false);

const writers = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;

function tick(): void {
  timer = undefined;
  if (!timersStopped.get() && document.visibilityState === "visible") for (const write of writers) write();
  if (writers.size > 0) timer = setTimeout(tick, 1000 - (serverNow() % 1000));
}

function follow(write: () => void): () => void {
  writers.add(write);
  write();
  timer ??= setTimeout(tick, 1000 - (serverNow() % 1000));
  return () => writers.delete(write);
}

interface ElapsedProps {
  /** ISO time at which the phase began. */
  readonly since: string | undefined;
  /** What is counted, for screen readers. */
  readonly label: string;
  readonly className?: string;
}

/** Time since an event; the text is written once a second without a render ([U24]). */
export function Elapsed({ since, label, className = "" }: ElapsedProps) {
  const node = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (since === undefined) return undefined;
    const began = Date.parse(since);
    return follow(() => {
      if (node.current !== null) node.current.textContent = formatElapsed(serverNow() - began);
    });
  }, [since]);
  return (
    <span ref={node} role="timer" aria-label={label} aria-live="off" className={`num ${className}`}>
      {since === undefined ? "—" : ""}
    </span>
  );
}

interface CountdownProps {
  readonly until: string;
  readonly from: string;
  readonly label: string;
}

/** Time left, with a bar of what is left of the whole. */
export function Countdown({ until, from, label }: CountdownProps) {
  const text = useRef<HTMLSpanElement>(null);
  const bar = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const [start, end] = [Date.parse(from), Date.parse(until)];
    return follow(() => {
      const left = Math.max(0, end - serverNow());
      if (text.current !== null) text.current.textContent = formatElapsed(left + 999);
      if (bar.current !== null) bar.current.style.width = `${Math.min(100, (100 * left) / Math.max(1, end - start))}%`;
    });
  }, [until, from]);
  return (
    <span className="inline-flex items-center gap-2">
      <span ref={text} role="timer" aria-label={label} className="num text-xs text-muted" />
      <span aria-hidden="true" className="h-1 w-12 overflow-hidden rounded-full bg-line">
        <span ref={bar} className="block h-full bg-park" />
      </span>
    </span>
  );
}
