import type { Scheduler } from "../scheduler.ts";

/** Time moved by hand: tasks run in the order of their time, those of the same time in the order they were asked for. */
export interface ManualScheduler extends Scheduler {
  /** Lets `ms` pass and runs what falls due on the way, also what is scheduled meanwhile; 0 runs what is due now. */
  advance(ms: number): void;
  /** Runs tasks until none waits, at most for `maxMs` (default one day); tells how much time that took. */
  drain(maxMs?: number): number;
  /** Tasks still waiting: zero after a clean end. */
  pending(): number;
}

interface Task {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

const dayMs = 24 * 3600_000;

/** @param startMs what the clock shows at first, milliseconds since the epoch */
export function createManualScheduler(startMs = Date.UTC(2026, 0, 1)): ManualScheduler {
  /** Sorted by time and order. */
  const tasks: Task[] = [];
  let nowMs = startMs;
  let order = 0;

  function placeOf(task: Task): number {
    let [low, high] = [0, tasks.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = tasks[middle];
      if (other === undefined) break;
      if (other.atMs < task.atMs || (other.atMs === task.atMs && other.order < task.order)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function runNext(untilMs: number): boolean {
    const next = tasks[0];
    if (next === undefined || next.atMs > untilMs) return false;
    tasks.shift();
    nowMs = Math.max(nowMs, next.atMs);
    next.run();
    return true;
  }

  return {
    now: () => nowMs,
    after(delayMs, run) {
      order += 1;
      const task: Task = { atMs: nowMs + Math.max(0, delayMs), order, run };
      tasks.splice(placeOf(task), 0, task);
      return () => {
        const at = placeOf(task);
        if (tasks[at] === task) tasks.splice(at, 1);
      };
    },
    advance(ms) {
      const untilMs = nowMs + ms;
      while (runNext(untilMs));
      nowMs = untilMs;
    },
    drain(maxMs = dayMs) {
      const startedMs = nowMs;
      while (runNext(startedMs + maxMs));
      return nowMs - startedMs;
    },
    pending: () => tasks.length,
  };
}
