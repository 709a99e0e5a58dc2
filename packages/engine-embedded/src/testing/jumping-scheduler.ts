import type { Scheduler } from "@pbx-x/telephony";

/** The machine's time, which can be moved forward at once: sockets go on as they are while an hour passes. */
export interface JumpingScheduler extends Scheduler {
  /** Runs what falls due on the way, in the order of its time. */
  advance(ms: number): void;
  /** Drops what still waits. */
  close(): void;
}

interface Task {
  readonly atMs: number;
  readonly run: () => void;
}

export function createJumpingScheduler(): JumpingScheduler {
  const tasks = new Set<Task>();
  let jumpedMs = 0;
  let timer: NodeJS.Timeout | undefined;
  /** Set while a jump is made: the moment of the task that runs. */
  let jumpingAtMs: number | undefined;
  const now = (): number => jumpingAtMs ?? Date.now() + jumpedMs;

  function nextTask(): Task | undefined {
    let next: Task | undefined;
    for (const task of tasks) if (next === undefined || task.atMs < next.atMs) next = task;
    return next;
  }

  function runDue(untilMs: number, onRun: (task: Task) => void = () => undefined): void {
    for (let task = nextTask(); task !== undefined && task.atMs <= untilMs; task = nextTask()) {
      tasks.delete(task);
      onRun(task);
      task.run();
    }
  }

  function arm(): void {
    clearTimeout(timer);
    const next = nextTask();
    if (next === undefined || jumpingAtMs !== undefined) return;
    timer = setTimeout(
      () => {
        runDue(now());
        arm();
      },
      Math.min(Math.max(0, next.atMs - now()), 60_000),
    );
  }

  return {
    now,
    after(delayMs, run) {
      const task = { atMs: now() + Math.max(0, delayMs), run };
      tasks.add(task);
      arm();
      return () => void tasks.delete(task);
    },
    advance(ms) {
      const untilMs = now() + ms;
      jumpingAtMs = now();
      runDue(untilMs, (task) => {
        jumpingAtMs = Math.max(jumpingAtMs ?? 0, task.atMs);
      });
      jumpingAtMs = undefined;
      jumpedMs += ms;
      arm();
    },
    close() {
      clearTimeout(timer);
      tasks.clear();
    },
  };
}
