import type { Sample } from "./samples.ts";

export interface Verdict {
  readonly what: string;
  readonly before: number;
  readonly most: number;
  readonly after: number;
  /** What was allowed afterwards. */
  readonly allowed: number;
  readonly isFlat: boolean;
}

export interface SoakRun {
  /** At rest, everything used once. */
  readonly before: Sample;
  readonly during: readonly Sample[];
  /** At rest again. */
  readonly after: Sample;
}

/** Sessions, calls and what the engine holds for them: at rest there is none, or as many as before. */
const kept: readonly string[] = ["bindings", "subscriptions"];
/** A few more may be open for a moment: a connection kept alive, a file of the database. */
const looseCount = 8;
/** What a heap may grow by: caches that fill, code that was compiled. */
const looseBytes = 4 * 2 ** 20;
const looseShare = 0.1;

/** Whether everything is as it was once the traffic has ended, and the heap did not rise while it lasted. */
export function judgeRun({ before, during, after }: SoakRun): readonly Verdict[] {
  const verdict = (what: string, read: (sample: Sample) => number, allowed: (was: number) => number): Verdict => {
    const [was, is] = [read(before), read(after)];
    const limit = allowed(was);
    return {
      what,
      before: was,
      most: Math.max(was, is, ...during.map(read)),
      after: is,
      allowed: limit,
      isFlat: is <= limit,
    };
  };
  const none = (): number => 0;
  const few = (was: number): number => was + looseCount;
  const engine = Object.keys(after.engine).map((what) =>
    verdict(what, (sample) => sample.engine[what] ?? 0, kept.includes(what) ? (was) => was : none),
  );
  const heapMib = (sample: Sample): number => sample.heapBytes / 2 ** 20;
  const growth = (was: number): number => was + Math.max(looseBytes / 2 ** 20, was * looseShare);
  const rise = heapRise(during) / 2 ** 20;
  return [
    verdict("calls", ({ calls }) => calls, none),
    ...engine,
    verdict(
      "sessions",
      ({ sessions }) => sessions,
      (was) => was,
    ),
    verdict("open files and sockets", ({ files }) => files, few),
    verdict("handles", ({ handles }) => handles, few),
    verdict("timers", ({ timers }) => timers, few),
    verdict("heap after collection, MiB", heapMib, growth),
    {
      what: "rise of the heap over the second half, MiB",
      before: 0,
      most: rise,
      after: rise,
      allowed: growth(heapMib(before)) - heapMib(before),
      isFlat: rise <= growth(heapMib(before)) - heapMib(before),
    },
  ];
}

/** Bytes by which the heap rose over the second half, by the straight line of least squares; never below zero. */
export function heapRise(samples: readonly Pick<Sample, "second" | "heapBytes">[]): number {
  const half = samples.slice(Math.floor(samples.length / 2));
  const [first, last] = [half[0], half.at(-1)];
  if (first === undefined || last === undefined || half.length < 2) return 0;
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const middle = mean(half.map(({ second }) => second));
  const level = mean(half.map(({ heapBytes }) => heapBytes));
  const spread = half.reduce((sum, { second }) => sum + (second - middle) ** 2, 0);
  const slope = half.reduce((sum, sample) => sum + (sample.second - middle) * (sample.heapBytes - level), 0) / spread;
  return Math.max(0, slope * (last.second - first.second));
}
