import type { Clock } from "./platform/clock.ts";

export interface UntilOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
  /** What is waited for, for the error's text. */
  readonly what: string;
}

export interface Done<T> {
  resolve(value: T): void;
  reject(error: Error): void;
}

/** A wait that always ends: done, aborted, or too late. `start` answers how to stop listening. */
export function until<T = void>(
  clock: Clock,
  { signal, timeoutMs, what }: UntilOptions,
  start: (done: Done<T>) => () => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const stops: (() => void)[] = [];
    const end = (settle: () => void): void => {
      if (isOver) return;
      isOver = true;
      for (const stop of stops) stop();
      settle();
    };
    const abort = (): void => end(() => reject(new Error(`waiting for ${what} was aborted`)));
    stops.push(
      clock.after(timeoutMs, () => end(() => reject(new Error(`${what} did not come within ${timeoutMs} ms`)))),
    );
    signal?.addEventListener("abort", abort, { once: true });
    stops.push(() => signal?.removeEventListener("abort", abort));
    if (signal?.aborted === true) abort();
    const stop = start({
      resolve: (value) => end(() => resolve(value)),
      reject: (error) => end(() => reject(error)),
    });
    if (isOver) stop();
    else stops.push(stop);
  });
}
