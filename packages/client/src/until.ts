import type { Clock } from "./platform/clock.ts";

export interface UntilOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
  /** What is waited for, for the error's text; asked when it is too late. */
  readonly what: () => string;
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
    const end = (): void => {
      isOver = true;
      for (const stop of stops.splice(0)) stop();
    };
    const fail = (error: Error): void => {
      end();
      reject(error);
    };
    const abort = (): void => fail(new Error(`waiting for ${what()} was aborted`));
    stops.push(clock.after(timeoutMs, () => fail(new Error(`${what()} did not come within ${timeoutMs} ms`))));
    signal?.addEventListener("abort", abort);
    stops.push(() => signal?.removeEventListener("abort", abort));
    if (signal?.aborted === true) abort();
    const done = (value: T): void => {
      end();
      resolve(value);
    };
    stops.push(start({ resolve: done, reject: fail }));
    if (isOver) end();
  });
}
