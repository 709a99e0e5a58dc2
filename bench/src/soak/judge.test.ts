import { describe, expect, it } from "vitest";
import { heapRise, judgeRun } from "./judge.ts";
import type { Sample } from "./samples.ts";

const mib = 2 ** 20;
const sample = (changes: Partial<Sample> = {}): Sample => ({
  second: 0,
  heapBytes: 50 * mib,
  residentBytes: 200 * mib,
  files: 100,
  handles: 20,
  timers: 10,
  calls: 0,
  sessions: 1,
  engine: { legs: 0, mediaPorts: 0, bindings: 18 },
  ...changes,
});
const during = (heapAt: (second: number) => number): readonly Sample[] =>
  Array.from({ length: 60 }, (_, index) =>
    sample({ second: index * 10, heapBytes: heapAt(index * 10), calls: 6, engine: { legs: 12, mediaPorts: 12 } }),
  );
const notFlat = (after: Partial<Sample>, heapAt: (second: number) => number = () => 50 * mib): readonly string[] =>
  judgeRun({ before: sample(), during: during(heapAt), after: sample(after) })
    .filter(({ isFlat }) => !isFlat)
    .map(({ what }) => what);

describe("whether a soak was flat", () => {
  it.each<readonly [string, Partial<Sample>, readonly string[]]>([
    ["all as before", {}, []],
    ["a little more, as caches fill", { files: 104, timers: 12, heapBytes: 53 * mib }, []],
    [
      "a call that never ends",
      { calls: 1, engine: { legs: 1, mediaPorts: 1, bindings: 18 } },
      ["calls", "legs", "mediaPorts"],
    ],
    ["a phone that is forgotten is no leak", { engine: { legs: 0, mediaPorts: 0, bindings: 17 } }, []],
    ["a session that stays", { sessions: 2 }, ["sessions"]],
    ["sockets and timers that stay", { files: 140, timers: 60 }, ["open files and sockets", "timers"]],
    ["memory that stays", { heapBytes: 60 * mib }, ["heap after collection, MiB"]],
  ])("%s", (_name, after, found) => {
    expect(notFlat(after)).toEqual(found);
  });

  it("a heap that rises while the traffic goes on is told, even if it is small at the end; noise is not", () => {
    expect(notFlat({}, (second) => 50 * mib + second * 40_000)).toEqual(["rise of the heap over the second half, MiB"]);
    expect(notFlat({}, (second) => 50 * mib + (second % 40) * 100_000)).toEqual([]);
  });

  it.each([
    [(second: number) => second * 1000, 290_000],
    [(second: number) => -second * 1000, 0],
    [() => 5, 0],
  ])("the rise over the second half, by least squares", (heapAt, bytes) => {
    expect(heapRise(during(heapAt))).toBeCloseTo(bytes, 3);
  });
});
