import { createManualScheduler } from "@pbx-x/telephony/fake";
import { describe, expect, it } from "vitest";
import type { WriteOutcome } from "../storage/write-outcome.ts";
import type { Standing } from "./alert-desk.ts";
import { DatabaseProbe } from "./database-probe.ts";
import { DatabaseWatch, goodDatabase, judgeWrite } from "./database-watch.ts";

const written = (tookMs: number): WriteOutcome => ({ kind: "written", tookMs });
const waiting = (tookMs: number): WriteOutcome => ({ kind: "waiting", tookMs });
const failed: WriteOutcome = { kind: "failed", error: new Error("database or disk is full") };

/** What is raised after each write: f(ailing), s(low). */
function judged(row: readonly (readonly [second: number, outcome: WriteOutcome])[]): string {
  let state = goodDatabase;
  return row
    .map(([second, outcome]) => {
      state = judgeWrite(state, outcome, second * 1000, 1000);
      return state.failing.isRaised ? "f" : state.slow.isRaised ? "s" : "-";
    })
    .join("");
}

describe("[V3] [U4] the writes to a database", () => {
  it.each<[string, Parameters<typeof judged>[0], string]>([
    ["good ones", [0, 5, 10].map((second) => [second, written(3)]), "---"],
    ["one that fails is trouble at once", [[0, failed]], "f"],
    [
      "10 s of good ones end it",
      [
        [0, failed],
        [1, written(3)],
        [10, written(3)],
        [11, written(3)],
      ],
      "fff-",
    ],
    [
      "one that fails between starts that anew",
      [
        [0, failed],
        [1, written(3)],
        [8, failed],
        [9, written(3)],
        [12, written(3)],
        [19, written(3)],
      ],
      "fffff-",
    ],
    ["one slow write is no trouble", [0, 1, 20].map((second, at) => [second, written(at === 0 ? 5000 : 3)]), "---"],
    ["slow ones for 10 s are", [0, 5, 10].map((second) => [second, written(1000)]), "--s"],
    [
      "over when they take less than half for 10 s",
      [
        ...[0, 10].map((second) => [second, written(2000)] as const),
        [20, written(800)],
        [30, written(400)],
        [40, written(400)],
      ],
      "-sss-",
    ],
    ["one that is not answered is slow", [30, 60].map((second) => [second, waiting(second * 1000)]), "-s"],
    [
      "one that waits says nothing of the end of failures",
      [
        [0, failed],
        [10, waiting(10)],
        [30, waiting(20)],
      ],
      "fff",
    ],
  ])("%s", (_, row, expected) => {
    expect(judged(row)).toBe(expected);
  });

  it("are told with the reason and figures", () => {
    const scheduler = createManualScheduler();
    const told: Standing[] = [];
    const desk = { watch: () => (standing: Standing) => void told.push(standing) };
    const database = new DatabaseWatch({ scheduler, desk, name: "The database", slowMs: 1000 });
    database.onWrite(failed);
    database.onWrite(failed);
    for (const tookMs of [2000, 1500.4, 3, 3]) {
      database.onWrite(written(tookMs));
      scheduler.advance(10_000);
    }
    expect(told.map(({ severity, message, metrics }) => [severity, message, metrics])).toEqual([
      ["error", "The database cannot be written: database or disk is full", { failures: 1 }],
      ["error", "The database cannot be written: database or disk is full", { failures: 2 }],
      ["warning", "The database is slow: a write takes over 1000 ms (1500 ms)", { writeMs: 1500 }],
      ["warning", "The database is slow: a write takes over 1000 ms (3 ms)", { writeMs: 3 }],
      ["info", "The database works well again (a write takes 3 ms)", { writeMs: 3 }],
    ]);
  });
});

describe("[V3] [U4] the probe of a database", () => {
  it("writes now and then, one at a time, and tells what waits", async () => {
    const scheduler = createManualScheduler();
    const outcomes: WriteOutcome[] = [];
    const ends: (() => void)[] = [];
    const probe = new DatabaseProbe({
      scheduler,
      everyMs: 30_000,
      onWrite: (outcome) => void outcomes.push(outcome),
      write: () => new Promise((resolve) => ends.push(resolve)),
    });
    probe.start();
    scheduler.advance(60_000);
    expect(outcomes).toEqual([waiting(30_000), waiting(60_000)]);
    expect(ends).toHaveLength(1);
    ends[0]?.();
    await expect.poll(() => outcomes.at(-1)).toEqual(written(60_000));
    scheduler.advance(30_000);
    expect(ends).toHaveLength(2);
    probe.stop();
    ends[1]?.();
    expect(scheduler.pending()).toBe(0);
  });
});
