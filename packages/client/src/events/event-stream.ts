import type { AnyEvent, EventOf, EventType } from "@pbx-x/protocol/runtime";
import type { Dispose } from "./emitter.ts";

export interface StreamOptions {
  readonly signal?: AbortSignal;
  /** Most events that wait for a slow reader; default 1,000 ([M8]). */
  readonly buffer?: number;
  /** What a full buffer does: end the stream with an error, or drop the oldest. */
  readonly overflow?: "error" | "oldest";
}

/** The reader of a stream was too slow. */
export class SlowConsumer extends Error {
  override readonly name = "SlowConsumer";
  readonly code = "SLOW_CONSUMER";
}

export type Listen = (run: (event: AnyEvent) => void) => Dispose;

/** Events as an async iterable with a bounded buffer, for scripts and tests. Listening begins with the call. */
export function eventStream<T extends EventType>(
  types: readonly T[],
  listen: Listen,
  { signal, buffer = 1000, overflow = "error" }: StreamOptions = {},
): AsyncIterableIterator<EventOf<T>> {
  const wanted = new Set<string>(types);
  const queue: EventOf<T>[] = [];
  let waiting: { resolve: (result: IteratorResult<EventOf<T>>) => void; reject: (error: Error) => void } | undefined;
  let failure: Error | undefined;
  let isEnded = false;
  const finish = (): void => {
    if (isEnded) return;
    isEnded = true;
    dispose();
    signal?.removeEventListener("abort", finish);
    if (failure === undefined) waiting?.resolve({ done: true, value: undefined });
    else waiting?.reject(failure);
    waiting = undefined;
  };
  const dispose = listen((any) => {
    if (!wanted.has(any.type)) return;
    // Chosen by its type just before.
    const event = any as EventOf<T>;
    if (waiting !== undefined) {
      waiting.resolve({ done: false, value: event });
      waiting = undefined;
      return;
    }
    if (queue.length >= buffer) {
      if (overflow === "error") {
        failure = new SlowConsumer(`More than ${buffer} events waited.`);
        finish();
        return;
      }
      queue.shift();
    }
    queue.push(event);
  });
  signal?.addEventListener("abort", finish, { once: true });
  if (signal?.aborted === true) finish();
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => {
      const value = queue.shift();
      if (value !== undefined) return Promise.resolve({ done: false, value });
      if (failure !== undefined) return Promise.reject(failure);
      if (isEnded) return Promise.resolve({ done: true, value: undefined });
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
      });
    },
    return: () => {
      queue.length = 0;
      finish();
      return Promise.resolve({ done: true, value: undefined });
    },
  };
}
