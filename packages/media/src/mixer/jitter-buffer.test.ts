import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frameSamples, JitterBuffer } from "./jitter-buffer.ts";

/** A frame whose samples say where they belong. */
function frame(index: number): Int16Array {
  return Int16Array.from({ length: frameSamples }, (_, at) => ((index * frameSamples + at) % 30_000) + 1);
}

const push = (buffer: JitterBuffer, index: number, first = 1000, ssrc = 1): void =>
  buffer.push(ssrc, (first + index * frameSamples) >>> 0, frame(index));

describe("the jitter buffer of a mixer", () => {
  it("gives nothing until it has its target, then frame after frame", () => {
    const buffer = new JitterBuffer();
    push(buffer, 0);
    expect(buffer.take()).toBeUndefined();
    push(buffer, 1);
    expect(buffer.take()).toEqual(frame(0));
    push(buffer, 2);
    expect(buffer.take()).toEqual(frame(1));
  });

  it("puts reordered packets in order; a lost one is silence, one too late is left out", () => {
    const buffer = new JitterBuffer();
    push(buffer, 1);
    push(buffer, 0);
    push(buffer, 3);
    expect([buffer.take(), buffer.take(), buffer.take(), buffer.take()]).toEqual([
      frame(0),
      frame(1),
      new Int16Array(frameSamples),
      frame(3),
    ]);
    push(buffer, 2);
    expect(buffer.take()).toBeUndefined();
  });

  it("collects anew after a pause, over a wrap of the timestamp, and with a new SSRC", () => {
    const buffer = new JitterBuffer();
    const first = 0xffff_ffff - frameSamples;
    for (const index of [0, 1, 2]) push(buffer, index, first);
    expect([buffer.take(), buffer.take(), buffer.take(), buffer.take()]).toEqual([
      frame(0),
      frame(1),
      frame(2),
      undefined,
    ]);
    push(buffer, 9, first);
    expect(buffer.take()).toBeUndefined();
    push(buffer, 10, first);
    expect(buffer.take()).toEqual(frame(9));
    for (const index of [0, 1]) push(buffer, index, 5, 2);
    expect(buffer.take()).toEqual(frame(0));
  });

  it("takes packets of 10 and 30 ms as they come", () => {
    const buffer = new JitterBuffer();
    const all = Int16Array.from({ length: 960 }, (_, at) => at + 1);
    for (const [start, length] of [
      [0, 80],
      [80, 240],
      [320, 80],
      [400, 560],
    ] as const) {
      buffer.push(1, 7000 + start, all.slice(start, start + length));
    }
    const heard = [0, 1, 2, 3, 4, 5].flatMap(() => [...(buffer.take() ?? [])]);
    expect(heard).toEqual([...all]);
  });

  it("never holds more than its maximum: what is too old is left out", () => {
    const buffer = new JitterBuffer();
    for (let index = 0; index < 40; index += 1) push(buffer, index);
    expect(buffer.waiting).toBeLessThanOrEqual(10 * frameSamples);
    expect(buffer.take()?.[0]).toBeGreaterThan(frame(20)[0] ?? 0);
  });

  it("a jump of the clock is a new beginning", () => {
    const buffer = new JitterBuffer();
    for (const index of [0, 1]) push(buffer, index);
    expect(buffer.take()).toEqual(frame(0));
    for (const index of [0, 1]) push(buffer, index, 900_000);
    expect(buffer.take()).toEqual(frame(0));
  });

  it("gives out only samples that came in, in their order, whatever is lost, late or twice", () => {
    const arrivals = fc.array(fc.record({ index: fc.nat(30), takes: fc.nat(3) }), { maxLength: 60 });
    fc.assert(
      fc.property(arrivals, fc.nat(0xffff_ffff), (list, first) => {
        const buffer = new JitterBuffer();
        let last = 0;
        for (const { index, takes } of list) {
          push(buffer, index, first);
          expect(buffer.waiting).toBeLessThanOrEqual(10 * frameSamples);
          for (let take = 0; take < takes; take += 1) {
            for (const sample of buffer.take() ?? []) {
              if (sample === 0) continue;
              expect(sample).toBeGreaterThan(last);
              last = sample;
            }
            if (buffer.waiting === 0) last = 0;
          }
        }
      }),
    );
  });
});
