import type { Scheduler } from "../scheduler.ts";

/** The machine's own clock and timers, for phones with real sockets. */
export const realScheduler: Scheduler = {
  now: () => Date.now(),
  after: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};
