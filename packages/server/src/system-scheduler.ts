import type { Scheduler } from "@pbx-x/telephony";

/** The machine's clock and timers. */
export const systemScheduler: Scheduler = {
  now: () => Date.now(),
  after: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};
