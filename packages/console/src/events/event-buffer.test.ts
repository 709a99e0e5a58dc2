import type { AnyEvent } from "@pbx-x/protocol/runtime";
import { expect, it } from "vitest";
import { addEvents, emptyBuffer } from "./event-buffer.ts";

const events = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ seq: from + index }) as AnyEvent);

it("[U60] keeps the newest and says how many it left out", () => {
  let buffer = addEvents(emptyBuffer, events(1, 8), 10);
  expect(buffer.dropped).toBe(0);
  buffer = addEvents(buffer, events(9, 5), 10);
  expect(buffer.events.map(({ seq }) => seq)).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  expect(buffer.dropped).toBe(3);
});
