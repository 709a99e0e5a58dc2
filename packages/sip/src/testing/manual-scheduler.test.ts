import fc from "fast-check";
import { expect, test } from "vitest";
import { createManualScheduler } from "./manual-scheduler.ts";

test("time moves only when told", () => {
  const scheduler = createManualScheduler(1000);
  const ran: number[] = [];
  scheduler.after(10, () => void ran.push(scheduler.now()));
  expect([scheduler.now(), ran]).toEqual([1000, []]);
  scheduler.advance(9);
  expect([scheduler.now(), ran, scheduler.pending()]).toEqual([1009, [], 1]);
  scheduler.advance(5);
  expect([scheduler.now(), ran, scheduler.pending()]).toEqual([1014, [1010], 0]);
});

test("tasks run in the order of their time, then in the order they were asked for, whatever is cancelled", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ delayMs: fc.nat(20), isCancelled: fc.boolean() })), (wishes) => {
      const scheduler = createManualScheduler(0);
      const ran: number[] = [];
      const cancels = wishes.map(({ delayMs }, index) => scheduler.after(delayMs, () => void ran.push(index)));
      for (const [index, { isCancelled }] of wishes.entries()) if (isCancelled) cancels[index]?.();
      scheduler.drain();
      const expected = wishes
        .map((wish, index) => ({ ...wish, index }))
        .filter(({ isCancelled }) => !isCancelled)
        .toSorted((a, b) => a.delayMs - b.delayMs || a.index - b.index)
        .map(({ index }) => index);
      expect(ran).toEqual(expected);
      for (const cancel of cancels) cancel();
      expect(scheduler.pending()).toBe(0);
    }),
  );
});

test("what is scheduled on the way runs on the way", () => {
  const scheduler = createManualScheduler(0);
  const ran: number[] = [];
  const again = (): void => {
    ran.push(scheduler.now());
    scheduler.after(10, again);
  };
  scheduler.after(10, again);
  scheduler.advance(35);
  expect(ran).toEqual([10, 20, 30]);
});

test("draining stops at its limit", () => {
  const scheduler = createManualScheduler(0);
  const again = (): void => void scheduler.after(100, again);
  again();
  expect([scheduler.drain(1000), scheduler.pending()]).toEqual([1000, 1]);
});
