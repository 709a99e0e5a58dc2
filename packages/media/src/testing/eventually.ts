import { expect } from "vitest";

/** Looks again and again until the expectation holds; gives up only when a slow machine would have done it long ago. */
export function eventually<Value>(read: () => Value) {
  return expect.poll(read, { timeout: 20_000, interval: 5 });
}
