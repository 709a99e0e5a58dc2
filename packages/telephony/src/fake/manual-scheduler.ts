import type { Scheduler } from "../scheduler.ts";

/** A clock that moves only when told; tasks run in the order of their time, those of the same time in the order they were asked for. */
export interface ManualScheduler extends Scheduler {
  /** Lets `ms` pass and runs what falls due on the way, also what is scheduled meanwhile. */
  advance(ms: number): void;
  /** Tasks still waiting: zero after a clean stop. */
  pending(): number;
}

interface Task {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** @param startMs time that the clock shows at first, in milliseconds since the epoch */
export function createManualScheduler(startMs = Date.UTC(2026, 0, 1)): ManualScheduler {
  const tasks = new Set<Task>();
  let nowMs = startMs;
  let order = 0;

  function nextDue(untilMs: number): Task | undefined {
    let next: Task | undefined;
    for (const task of tasks) {
      if (task.atMs > untilMs) continue;
      if (next === undefined || task.atMs < next.atMs || (task.atMs === next.atMs && task.order < next.order))
        next = task;
    }
    return next;
  }

  return {
    now: () => nowMs,
    after(delayMs, run) {
      order += 1;
      const task: Task = { atMs: nowMs + Math.max(0, delayMs), order, run };
      tasks.add(task);
      return () => void tasks.delete(task);
    },
    advance(ms) {
      const untilMs = nowMs + ms;
      for (let task = nextDue(untilMs); task !== undefined; task = nextDue(untilMs)) {
        tasks.delete(task);
        nowMs = Math.max(nowMs, task.atMs);
        task.run();
      }
      nowMs = untilMs;
    },
    pending: () => tasks.size,
  };
}
