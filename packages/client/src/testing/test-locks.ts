import type { LocksLike } from "../platform/client-id.ts";

interface Request {
  readonly owner: string;
  readonly name: string;
  readonly grant: (lock: object | null) => void;
  readonly fail: (error: Error) => void;
}

/** Web Locks in memory: one owner per name, the others wait in order. */
export interface TestLocks {
  /** The locks as one page sees them. */
  of(owner: string): LocksLike;
  /** The page is gone: what it held is free, what it waited for is forgotten. */
  drop(owner: string): void;
  holder(name: string): string | undefined;
}

export function createTestLocks(): TestLocks {
  const held = new Map<string, Request>();
  const queues = new Map<string, Request[]>();

  const next = (name: string): void => {
    held.delete(name);
    const request = queues.get(name)?.shift();
    if (request !== undefined) grant(request);
  };
  const grant = (request: Request): void => {
    held.set(request.name, request);
    request.grant({ name: request.name });
  };

  const request = async (
    owner: string,
    name: string,
    options: Parameters<LocksLike["request"]>[1],
    run: Parameters<LocksLike["request"]>[2],
  ): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const own: Request = {
        owner,
        name,
        fail: reject,
        grant: (lock) => {
          Promise.resolve(run(lock)).then(
            (value) => {
              if (held.get(name) === own) next(name);
              resolve(value);
            },
            (error: unknown) => {
              if (held.get(name) === own) next(name);
              reject(error instanceof Error ? error : new Error(String(error)));
            },
          );
        },
      };
      const holder = held.get(name);
      if (holder === undefined) grant(own);
      else if (options.ifAvailable === true) own.grant(null);
      else if (options.steal === true) {
        holder.fail(new DOMException("stolen", "AbortError"));
        grant(own);
      } else {
        const queue = queues.get(name) ?? [];
        queues.set(name, [...queue, own]);
        options.signal?.addEventListener("abort", () => {
          queues.set(
            name,
            (queues.get(name) ?? []).filter((each) => each !== own),
          );
          reject(new DOMException("aborted", "AbortError"));
        });
      }
    });

  return {
    of: (owner) => ({ request: (name, options, run) => request(owner, name, options, run) }),
    drop: (owner) => {
      for (const [name, queue] of queues)
        queues.set(
          name,
          queue.filter((each) => each.owner !== owner),
        );
      for (const [name, each] of Array.from(held)) if (each.owner === owner) next(name);
    },
    holder: (name) => held.get(name)?.owner,
  };
}
