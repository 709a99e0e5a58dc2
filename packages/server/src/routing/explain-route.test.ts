import { describe, expect, it } from "vitest";
import { createOutsideTestbench, type OutsideSetting } from "../calls/outside-testbench.ts";
import { explainParts } from "./explain-parts.ts";
import { explainRoute } from "./explain-route.ts";

/** What explaining says, and what a call does then. */
async function both(number: string, setting: OutsideSetting = {}) {
  const bench = await createOutsideTestbench(setting);
  bench.register("201");
  const extension = bench.extensions.byNumber("200");
  if (extension === undefined) throw new Error("no extension");
  const parts = explainParts(bench.calls, bench.outside, (id) => bench.registrations.bindingsOf(id));
  const told = explainRoute({ extension, to: number, atMs: bench.scheduler.now() }, parts);
  await bench.dial(number);
  const legs = bench.ringingLegs().map((legId) => bench.engine.leg(legId));
  return { ...bench, told, legs };
}

describe("[G20] explaining a number agrees with what happens", () => {
  it("[G20] outside", async () => {
    const { told, legs, last } = await both("0301234567");
    expect(told).toMatchObject({ direction: "outbound", outcome: { kind: "outside", number: "+49301234567" } });
    expect(last("CALL_CREATED")).toMatchObject({ direction: told.direction, callee: { number: told.outcome.number } });
    const first = told.outcome.trunks?.[0];
    expect(legs[0]?.target).toEqual({ kind: "trunk", trunkId: first?.id, number: first?.dials });
  });

  it("[G20] refused by a guard", async () => {
    const { told, legs, last } = await both("0900123456");
    expect(told.outcome).toMatchObject({ kind: "refused", reason: "not_allowed", class: "premium" });
    expect(last("CALL_ENDED")["reason"]).toBe(told.outcome.reason);
    expect(legs).toEqual([]);
    expect(told.steps.at(-1)).toMatchObject({ subject: "guards against toll fraud", verdict: "refused" });
  });

  it("[G20] all trunks full", async () => {
    const full = { trunks: [{ maxConcurrentCalls: 0 }, { maxConcurrentCalls: 0 }] };
    const { told, last } = await both("0301234567", full);
    expect(last("CALL_ENDED")["reason"]).toBe(told.outcome.reason);
  });

  it("[G20] a forwarding outside is judged by whoever forwards", async () => {
    const forwarding = (to: string): OutsideSetting => ({
      extensions: { "201": { forwardUnconditionalEnabled: true, forwardUnconditionalDestination: to } },
      rights: { "user-200": { role: "user", grantedPermissions: ["calls.outside.premium"] } },
    });
    const allowed = await both("201", forwarding("0301234567"));
    expect(allowed.told.outcome).toMatchObject({ kind: "outside", number: "+49301234567" });
    expect(allowed.legs[0]?.target).toMatchObject({ kind: "trunk", number: "0301234567" });
    const refused = await both("201", forwarding("0900123456"));
    expect(refused.told.outcome).toMatchObject({ kind: "refused", reason: "not_allowed" });
    expect(refused.last("CALL_ENDED")["reason"]).toBe("not_allowed");
  });

  it("[G20] inside, and nowhere", async () => {
    const inside = await both("201");
    expect(inside.told.outcome).toMatchObject({ kind: "extension", number: "201" });
    expect(inside.legs[0]?.callee.number).toBe("201");
    const nowhere = await both("999");
    expect(nowhere.told.outcome).toMatchObject({ kind: "none", reason: "no_such_number" });
    expect(nowhere.last("CALL_ENDED")["reason"]).toBe("no_such_number");
  });

  it("[G20] a loop of forwardings ends", async () => {
    const { told } = await both("201", {
      extensions: {
        "201": { forwardUnconditionalEnabled: true, forwardUnconditionalDestination: "202" },
        "202": { forwardUnconditionalEnabled: true, forwardUnconditionalDestination: "201" },
      },
    });
    expect(told.outcome).toMatchObject({ kind: "none", reason: "forwarding_loop" });
  });
});
