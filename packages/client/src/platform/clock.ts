/** Time from outside, so that tests need no sleep. */
export interface Clock {
  /** Milliseconds that never jump back. */
  now(): number;
  /** Milliseconds since 1970, of the machine's own clock; may jump. */
  wall(): number;
  after(ms: number, run: () => void): () => void;
}

/** The machine's clock. Its timers do not keep a Node process alive unless told so ([S23]). */
export function systemClock(keepAlive = false): Clock {
  return {
    now: () => performance.now(),
    wall: () => Date.now(),
    after: (ms, run) => {
      const timer: unknown = setTimeout(run, ms);
      if (!keepAlive && hasUnref(timer)) timer.unref();
      return () => clearTimeout(timer as ReturnType<typeof setTimeout>);
    },
  };
}

function hasUnref(timer: unknown): timer is { unref(): void } {
  return typeof timer === "object" && timer !== null && "unref" in timer && typeof timer.unref === "function";
}
