/** Time from outside, so that tests need no sleep. */
export interface Clock {
  /** Milliseconds that never jump back. */
  now(): number;
  /** Milliseconds since 1970, of the machine's own clock; may jump. */
  wall(): number;
  after(ms: number, run: () => void): () => void;
}

/** The machine's clock. Its timers keep a Node process alive unless told not to ([S23]). */
export function systemClock(keepAlive = true): Clock {
  return {
    now: () => performance.now(),
    wall: () => Date.now(),
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      // A number in browsers.
      if (!keepAlive) (timer as { readonly unref?: () => void }).unref?.();
      return () => clearTimeout(timer);
    },
  };
}
