import fc from "fast-check";
import { expect, test } from "vitest";
import type { PhoneCall } from "../testing/phone-call.ts";
import { openTwoPhones, typesOf } from "./two-phones-testbench.ts";

const scenario = fc.record({
  seed: fc.nat(),
  transport: fc.constantFrom("udp" as const, "tcp" as const),
  loss: fc.constantFrom(0, 0.1, 0.3, 0.6, 1),
  duplication: fc.constantFrom(0, 0.5),
  delayMs: fc.nat(1000),
  jitterMs: fc.nat(4000),
  requires100rel: fc.boolean(),
  behaviour: fc.constantFrom("answers", "refuses", "rings only"),
  actsAfterMs: fc.nat(30_000),
  cancelsAfterMs: fc.integer({ min: 0, max: 90_000 }),
});

/** Hangs up where that is still to be done. */
function endLater(call: PhoneCall, after: (task: () => void) => void): void {
  after(() => {
    const types = typesOf(call);
    const isUp = types.includes("answered") || types.includes("confirmed") || types.includes("failed");
    if (isUp && !types.includes("hung_up")) call.hangUp().catch(() => undefined);
    else call.forget();
  });
}

test("under any loss, doubling, delay and order a call has one outcome, and both phones forget it", async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ requires100rel, behaviour, actsAfterMs, cancelsAfterMs, ...network }) => {
      const bench = await openTwoPhones(network);
      const { anna, ben, scheduler } = bench;
      ben.onCall = (call) => {
        call.ring();
        scheduler.after(actsAfterMs, () => {
          if (behaviour === "answers") call.answer();
          if (behaviour === "refuses") call.refuse(486);
        });
        endLater(call, (task) => scheduler.after(300_000, task));
      };
      const headers = requires100rel ? [{ name: "Require", value: "100rel" }] : [];
      const mine = anna.call("ben", { headers });
      scheduler.after(cancelsAfterMs, () => mine.cancel());
      // A phone that was called and never heard of again lets go after a while.
      scheduler.after(200_000, () => {
        for (const call of ben.calls.all) call.refuse(408);
      });
      endLater(mine, (task) => scheduler.after(250_000, task));
      scheduler.drain();
      const outcomes = typesOf(mine).filter((type) => type === "answered" || type === "refused");
      expect(outcomes).toHaveLength(1);
      for (const call of ben.calls.all) {
        const ends = typesOf(call).filter((type) => type === "confirmed" || type === "failed" || type === "cancelled");
        expect(ends.length).toBeLessThanOrEqual(1);
      }
      expect(bench.left()).toEqual([0, 0, 0, 0, 0]);
    }),
    { numRuns: 200 },
  );
});
