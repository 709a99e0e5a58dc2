import type { AnyEvent } from "@pbx-x/protocol/runtime";

/** The newest events, in the order of their coming; bounded, and it counts what it had to leave out. */
export interface EventBuffer {
  readonly events: readonly AnyEvent[];
  readonly dropped: number;
}

export const bufferLimit = 10_000;
export const emptyBuffer: EventBuffer = { events: [], dropped: 0 };

export function addEvents(buffer: EventBuffer, added: readonly AnyEvent[], limit = bufferLimit): EventBuffer {
  if (added.length === 0) return buffer;
  const all = [...buffer.events, ...added];
  const over = Math.max(0, all.length - limit);
  return { events: over === 0 ? all : all.slice(over), dropped: buffer.dropped + over };
}
