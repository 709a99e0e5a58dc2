import { expect, it } from "vitest";
import { PressQueue } from "./press-queue.ts";

function drain(queue: PressQueue) {
  const steps = [];
  for (let step = queue.next(); step !== undefined; step = queue.next()) steps.push(step);
  return steps;
}

it("a press is five updates and three ends, then 80 ms of pause", () => {
  const queue = new PressQueue();
  expect(queue.push("5")).toBe(true);
  const steps = drain(queue);
  expect(steps.map(({ kind }) => kind)).toEqual([...Array<string>(8).fill("packet"), ...Array<string>(4).fill("gap")]);
  expect(steps.map((step) => step.kind === "packet" && step.isFirst).filter(Boolean)).toHaveLength(1);
  expect(queue.isEmpty).toBe(true);
});

it("what is no key is passed over", () => {
  const queue = new PressQueue();
  expect(queue.push("1x 2")).toBe(true);
  expect(drain(queue)).toHaveLength(24);
});

it("no more than 85 presses wait; a press is never cut", () => {
  const queue = new PressQueue();
  expect(queue.push("1".repeat(80))).toBe(true);
  expect(queue.push("2".repeat(80))).toBe(false);
  expect(queue.push("3")).toBe(false);
  expect(drain(queue)).toHaveLength(85 * 12);
  expect(queue.push("3")).toBe(true);
});
