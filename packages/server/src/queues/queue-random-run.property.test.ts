import fc from "fast-check";
import { describe, it } from "vitest";
import { acdRun } from "../calls/random-run-actions.ts";
import { playRun } from "../calls/random-run-testbench.ts";

/** The same runs each time, so that a red build can be repeated; `PROPERTY_RUNS=20 PROPERTY_SEED=7` explores others. */
const times = Number(process.env["PROPERTY_RUNS"] ?? 1);
const numRuns = times * 500;
const seed = Number(process.env["PROPERTY_SEED"] ?? 1);

describe("random runs of callers and agents on the fake engine", () => {
  it(
    "[Q3] [Q4] [Q5] [Q6] [Q7] [Q8] [Q10] [Q11] [Q13] [Q14] [Q15] [C4] [C80] [W26] one end per entry, one offer per agent, first in first out, figures as a recount, nothing left",
    async () => {
      await fc.assert(
        fc.asyncProperty(acdRun, async (wish) => {
          await playRun(wish);
        }),
        { numRuns, seed },
      );
    },
    300_000 * times,
  );
});
