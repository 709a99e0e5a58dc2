import { describe, expect, it } from "vitest";
import { type HealthInput, judgeHealth, newHealth, stepHealth } from "./trunk-health.ts";

const registered: HealthInput = { type: "registered" };
const missed: HealthInput = { type: "missed" };
const answered = (afterMs = 20): HealthInput => ({ type: "answered", afterMs });
const refused: HealthInput = {
  type: "registrationFailed",
  reason: "auth_failed",
  detail: "user name or password refused (403 Forbidden)",
  isAnswer: true,
};
const unanswered: HealthInput = {
  type: "registrationFailed",
  reason: "registration_failed",
  detail: "no answer to REGISTER",
  isAnswer: false,
};

function verdictOf(isRegistering: boolean, inputs: readonly HealthInput[], isQualified = true): string {
  const verdict = judgeHealth(inputs.reduce(stepHealth, newHealth(isRegistering, isQualified)));
  return verdict === undefined ? "unknown" : `${verdict.status} ${verdict.reason}`;
}

describe("[V4] [O5] a trunk that registers", () => {
  it.each([
    ["nothing known", [], "unknown"],
    ["reachable, not registered yet", [answered()], "unknown"],
    ["registered", [registered], "active recovered"],
    ["wrong password", [answered(), refused], "inactive auth_failed"],
    ["REGISTER unanswered", [unanswered], "inactive registration_failed"],
    ["registered after a wrong password", [refused, registered], "active recovered"],
    ["one miss", [registered, missed], "active recovered"],
    ["two misses", [registered, missed, missed], "active recovered"],
    ["three misses", [registered, missed, missed, missed], "inactive unreachable"],
    ["misses that are not in a row", [registered, missed, missed, answered(), missed, missed], "active recovered"],
    ["a REGISTER answered between the misses", [registered, missed, missed, registered, missed], "active recovered"],
    ["back, the registration still open", [registered, missed, missed, missed, answered()], "unknown"],
    ["back and registered", [registered, missed, missed, missed, answered(), registered], "active recovered"],
    ["away, REGISTER unanswered too", [missed, missed, missed, unanswered], "inactive unreachable"],
    ["wrong password says that it is there", [missed, missed, missed, refused], "inactive auth_failed"],
  ] as const)("%s", (_, inputs, expected) => {
    expect(verdictOf(true, inputs)).toBe(expected);
  });
});

describe("[V4] a trunk that does not register", () => {
  it.each([
    ["nothing known", [], "unknown"],
    ["answered", [answered()], "active recovered"],
    ["slow once", [answered(), answered(1500)], "active recovered"],
    ["slow twice", [answered(), answered(1500), answered(1200)], "degraded unreachable"],
    ["slow, then in between", [answered(1500), answered(1500), answered(800)], "degraded unreachable"],
    ["slow, then fast", [answered(1500), answered(1500), answered(400)], "active recovered"],
    ["in between, never slow", [answered(), answered(800), answered(999)], "active recovered"],
    ["away from the beginning", [missed, missed, missed], "inactive unreachable"],
    ["away and back", [missed, missed, missed, answered()], "active recovered"],
  ] as const)("%s", (_, inputs, expected) => {
    expect(verdictOf(false, inputs)).toBe(expected);
  });

  it("counts as there where OPTIONS are switched off", () => {
    expect(verdictOf(false, [], false)).toBe("active recovered");
  });
});
