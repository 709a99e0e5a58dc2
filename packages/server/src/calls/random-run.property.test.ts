import fc from "fast-check";
import { describe, it } from "vitest";
import { playRun } from "./random-run-testbench.ts";
import { run } from "./random-run-actions.ts";

/** The same runs each time, so that a red build can be repeated; `PROPERTY_RUNS=20 PROPERTY_SEED=7` explores others. */
const times = Number(process.env["PROPERTY_RUNS"] ?? 1);
const numRuns = times * 1000;
const seed = Number(process.env["PROPERTY_SEED"] ?? 1);

describe("random runs of phones and commands on the fake engine", () => {
  it(
    "[C1] [C3] [C4] [C10] [C14] [C20] [C30] [C31] [C32] [C40] [C41] [C70] [C71] [W26] whatever happens, the rules of calls hold and nothing is left",
    async () => {
      await fc.assert(
        fc.asyncProperty(run, async (wish) => {
          await playRun(wish);
        }),
        { numRuns, seed },
      );
    },
    300_000 * times,
  );
});
