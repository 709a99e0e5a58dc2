import { describe, expect, it } from "vitest";
import { OutsideCallCounter } from "./outside-call-counter.ts";
import { defaultGuards, guardRoleOf, judgeOutsideCall, type OutsidePayer } from "./outside-guard.ts";

const anna: OutsidePayer = { key: "anna", role: "user", granted: [], callsNow: 0, callsInLastHour: 0 };

describe("guards against toll fraud", () => {
  it.each([
    ["freephone", true],
    ["national", true],
    ["mobile", true],
    ["service", true],
    ["international", false],
    ["premium", false],
    ["unknown", false],
  ] as const)("[G10] %s is allowed to a user: %s", (destination, expected) => {
    expect(judgeOutsideCall(destination, anna, defaultGuards).ok).toBe(expected);
  });

  it("[G10] a permission opens what the role does not", () => {
    const granted: OutsidePayer = { ...anna, granted: ["international"] };
    expect(judgeOutsideCall("international", granted, defaultGuards).ok).toBe(true);
    expect(judgeOutsideCall("premium", granted, defaultGuards)).toMatchObject({ ok: false, reason: "not_allowed" });
  });

  it("[G10] an extension without a user may less", () => {
    expect(guardRoleOf(undefined)).toBe("none");
    expect(judgeOutsideCall("mobile", { ...anna, role: "none" }, defaultGuards).ok).toBe(false);
    expect(judgeOutsideCall("national", { ...anna, role: "none" }, defaultGuards).ok).toBe(true);
  });

  it("[G11] too many at once, too many within an hour", () => {
    expect(judgeOutsideCall("national", { ...anna, callsNow: 5 }, defaultGuards)).toMatchObject({
      reason: "outside_calls_at_once",
    });
    expect(judgeOutsideCall("national", { ...anna, callsInLastHour: 60 }, defaultGuards)).toMatchObject({
      reason: "outside_calls_per_hour",
    });
  });

  it("[G8] an emergency call is never refused", () => {
    const worst: OutsidePayer = { ...anna, role: "none", callsNow: 100, callsInLastHour: 1000 };
    expect(judgeOutsideCall("emergency", worst, { ...defaultGuards, maxCallsAtOnce: 0 }).ok).toBe(true);
  });

  it("[G11] beginnings are counted over the last hour, and not more of them than matter", () => {
    const counter = new OutsideCallCounter(() => 3);
    for (const atMs of [0, 1000, 2000, 3000]) counter.note("anna", atMs);
    expect(counter.count("anna", 3000)).toBe(3);
    expect(counter.count("lisa", 3000)).toBe(0);
    expect(counter.count("anna", 3_602_000)).toBe(1);
    expect(counter.count("anna", 3_603_000)).toBe(0);
  });
});
