import type { Clock } from "../platform/clock.ts";

export interface ManualClock extends Clock {
  /** Lets time pass; timers run in order, and what they promise is done before the next one. */
  advance(ms: number): Promise<void>;
  /** Lets everything that is already promised happen, without time. */
  settle(): Promise<void>;
  /** Somebody set the machine's clock: the wall clock jumps, no timer runs. */
  jumpWall(ms: number): void;
  /** The machine slept: its wall clock is ahead, no timer ran, and elsewhere so much time has passed. */
  sleep(ms: number): void;
  /** The wall clock of other machines: it knows of sleep, not of somebody setting this machine's clock. */
  elsewhere(): number;
  /** How many timers wait. */
  readonly timers: number;
}

/** Runs after every promise that is already kept; Node has a quicker way than browsers. */
const nextTurn =
  (globalThis as { setImmediate?: (run: () => void) => unknown }).setImmediate ??
  ((run: () => void): unknown => setTimeout(run, 0));

/** A clock that stands still unless told to move. Starts at a fixed moment of the wall clock. */
export function createManualClock(startWall = Date.UTC(2026, 0, 1)): ManualClock {
  let now = 0;
  let jumpedMs = 0;
  let sleptMs = 0;
  let counter = 0;
  const timers = new Map<number, { readonly at: number; readonly run: () => void }>();
  const settle = async (): Promise<void> => {
    // Macrotasks: promises that depend on promises, as deep as they may be, are done after each.
    for (let turn = 0; turn < 3; turn += 1) await new Promise<void>((resolve) => nextTurn(resolve));
  };
  const nextUntil = (limit: number) => {
    let first: { readonly id: number; readonly at: number; readonly run: () => void } | undefined;
    for (const [id, { at, run }] of timers) {
      if (at <= limit && (first === undefined || at < first.at)) first = { id, at, run };
    }
    return first;
  };
  return {
    now: () => now,
    wall: () => startWall + jumpedMs + now,
    elsewhere: () => startWall + sleptMs + now,
    sleep: (ms) => {
      jumpedMs += ms;
      sleptMs += ms;
    },
    jumpWall: (ms) => {
      jumpedMs += ms;
    },
    after: (ms, run) => {
      counter += 1;
      const id = counter;
      timers.set(id, { at: now + Math.max(0, ms), run });
      return () => timers.delete(id);
    },
    settle,
    advance: async (ms) => {
      const limit = now + ms;
      await settle();
      for (let timer = nextUntil(limit); timer !== undefined; timer = nextUntil(limit)) {
        timers.delete(timer.id);
        now = Math.max(now, timer.at);
        timer.run();
        await settle();
      }
      now = limit;
    },
    get timers() {
      return timers.size;
    },
  };
}
