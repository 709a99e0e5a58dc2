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

/** `end`: nothing more will come; with an error where that is not as it should be. */
export type Listen = (run: (event: AnyEvent) => void, end: (failure?: Error) => void) => Dispose;

/** Events as an async iterable with a bounded buffer, for scripts and tests. Listening begins with the call. */
export function eventStream<T extends EventType>(
  types: readonly T[],
  listen: Listen,
  { signal, buffer = 1000, overflow = "error" }: StreamOptions = {},
): AsyncIterableIterator<EventOf<T>> {
  const wanted = new Set<string>(types);
  const queue: EventOf<T>[] = [];
  let failure: Error | undefined;
  let isEnded = false;
  let wake = (): void => undefined;
  const finish = (): void => {
    isEnded = true;
    dispose();
    signal?.removeEventListener("abort", finish);
    wake();
  };
  const end = (why?: Error): void => {
    failure = why;
    finish();
  };
  const dispose = listen((event) => {
    if (!wanted.has(event.type)) return;
    if (queue.length >= buffer) {
      if (overflow === "error") {
        end(new SlowConsumer(`More than ${buffer} events waited.`));
        return;
      }
      queue.shift();
    }
    // Chosen by its type just before.
    queue.push(event as EventOf<T>);
    wake();
  }, end);
  signal?.addEventListener("abort", finish, { once: true });
  if (signal?.aborted === true) finish();
  async function* read(): AsyncGenerator<EventOf<T>> {
    for (;;) {
      const event = queue.shift();
      if (event !== undefined) yield event;
      else if (failure !== undefined) throw failure;
      else if (isEnded) return;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  }
  const reading = read();
  return Object.assign(reading, {
    // Also before the first reading, and while one waits.
    return: () => {
      queue.length = 0;
      finish();
      return Promise.resolve({ done: true as const, value: undefined });
    },
  });
}
