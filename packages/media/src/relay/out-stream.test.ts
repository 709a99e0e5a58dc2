import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { type OutFields, OutStream } from "./out-stream.ts";

const rate = 8000;
let stream: OutStream;
let nowMs: number;
beforeEach(() => {
  stream = new OutStream(() => 0x7fff_fff0);
  nowMs = 50_000;
});

/** Packets of a source every 20 ms, numbered from `first`. */
function relay(source: string, first: number, count: number): readonly OutFields[] {
  return Array.from({ length: count }, (_, index) => {
    nowMs += 20;
    return stream.relay(source, (first + index) & 0xffff, ((first + index) * 160) >>> 0, false, nowMs, rate);
  });
}

function play(count: number): readonly OutFields[] {
  return Array.from({ length: count }, () => {
    nowMs += 20;
    return stream.next("playback", 160, nowMs, rate);
  });
}

const steps = (fields: readonly OutFields[]): readonly (readonly [number, number])[] =>
  fields.slice(1).map(({ sequence, timestamp }, index) => {
    const before = fields[index];
    return [(sequence - (before?.sequence ?? 0)) & 0xffff, (timestamp - (before?.timestamp ?? 0)) >>> 0] as const;
  });

describe("one stream out of many sources", () => {
  it("goes on by one and by 160 from voice to tone to another voice, under one SSRC", () => {
    const fields = [...relay("a", 500, 3), ...play(3), ...relay("b", 60_000, 3), ...relay("a", 503, 3)];
    expect(new Set(steps(fields).map(String))).toEqual(new Set(["1,160"]));
    expect(new Set(fields.map(({ ssrc }) => ssrc)).size).toBe(1);
    expect(fields.map(({ marker }) => marker)).toEqual([3, 3, 3, 3].flatMap(() => [true, false, false]));
  });

  it("a pause between sources is time in the timestamp and nothing in the sequence", () => {
    const before = relay("a", 1, 1);
    nowMs += 1000;
    expect(steps([...before, ...relay("b", 9, 1)])).toEqual([[1, 8160]]);
  });

  it("sequence numbers and timestamps wrap", () => {
    stream = new OutStream(() => 0xffff_ffff);
    const fields = [...relay("a", 65_500, 100), ...play(40_000), ...relay("b", 1, 10)];
    expect(new Set(steps(fields).map(String))).toEqual(new Set(["1,160"]));
    expect(
      fields.every(({ sequence, timestamp }) => sequence <= 0xffff && timestamp >= 0 && timestamp <= 0xffff_ffff),
    ).toBe(true);
  });

  it("any order of sources leaves no gap and never goes back", () => {
    const turn = fc.record({
      source: fc.constantFrom("a", "b", "tone"),
      count: fc.integer({ min: 1, max: 9 }),
      first: fc.nat(0xffff),
    });
    fc.assert(
      fc.property(fc.array(turn, { minLength: 1, maxLength: 20 }), (turns) => {
        stream = new OutStream(() => 5);
        const fields = turns.flatMap(({ source, count, first }, index) =>
          source === "tone" ? play(count) : relay(`${source}${index}`, first, count),
        );
        expect(steps(fields).every(([sequence, time]) => sequence === 1 && time === 160)).toBe(true);
      }),
    );
  });
});

describe("what a source does itself", () => {
  it("its loss and its reordering are kept", () => {
    const fields = [...relay("a", 10, 1), ...relay("a", 13, 1), ...relay("a", 12, 1), ...relay("a", 14, 1)];
    expect(steps(fields).map(([sequence]) => sequence)).toEqual([3, 0xffff, 2]);
  });

  it("a late packet does not set the stream back", () => {
    const [newest] = [...relay("a", 10, 1), ...relay("a", 12, 1)].slice(-1);
    relay("a", 11, 1);
    expect(((play(1)[0]?.sequence ?? 0) - (newest?.sequence ?? 0)) & 0xffff).toBe(1);
  });

  it.each([20_000, 50_000, 5])("numbers that begin anew at %i make no jump", (again) => {
    const fields = [...relay("a", 10_000, 5), ...relay("a", again, 5)];
    expect(steps(fields).every(([sequence, time]) => sequence === 1 && time === 160)).toBe(true);
  });

  it("its marker is passed on", () => {
    relay("a", 1, 1);
    expect(stream.relay("a", 2, 320, true, nowMs, rate).marker).toBe(true);
  });

  it("what was cut out of it is a pause, not a loss", () => {
    const before = relay("a", 10, 2);
    nowMs += 50 * 20;
    stream.cut();
    const after = relay("a", 62, 2);
    expect(steps([...before, ...after])).toEqual([
      [1, 160],
      [1, 160 * 51],
      [1, 160],
    ]);
    expect(after[0]?.marker).toBe(true);
  });
});

describe("key presses", () => {
  it("packets of the same moment carry its timestamp; voice after them continues in real time", () => {
    const before = relay("a", 1, 1);
    const press = Array.from({ length: 8 }, (_, index) => {
      nowMs += 20;
      return stream.next("dtmf", index === 0 ? 160 : 0, nowMs, rate);
    });
    expect(new Set(press.map(({ timestamp }) => timestamp)).size).toBe(1);
    const after = relay("a", 10, 1);
    expect(((after[0]?.timestamp ?? 0) - (before[0]?.timestamp ?? 0)) >>> 0).toBe(9 * 160);
  });
});

it("the timestamp of a sender report is that of its moment, not of the last packet (RFC 3550 section 6.4.1)", () => {
  const [last] = relay("a", 1, 3).slice(-1);
  expect((stream.timestampAt(nowMs + 1500, rate) - (last?.timestamp ?? 0)) >>> 0).toBe(12_000);
});
