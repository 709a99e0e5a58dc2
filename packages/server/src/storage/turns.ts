/** Does pieces of work one after the other: what one reads, no other changes before it has written. */
export type Turns = <Result>(work: () => Promise<Result>) => Promise<Result>;

export interface TurnsOptions {
  /** Most pieces of work that wait; more are refused. */
  readonly maxWaiting?: number;
}

/** A queue of its own; work that fails does not hold up the next. */
export function createTurns({ maxWaiting = 1000 }: TurnsOptions = {}): Turns {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return (work) => {
    if (waiting >= maxWaiting) return Promise.reject(new Error("too many changes wait to be stored"));
    waiting += 1;
    const result = last.then(work, work).finally(() => {
      waiting -= 1;
    });
    last = result.catch(() => undefined);
    return result;
  };
}
