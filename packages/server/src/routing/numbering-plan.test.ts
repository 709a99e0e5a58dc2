import { describe, expect, it } from "vitest";
import { formatNumber, type NumberingPlan, toE164, waysToDial } from "./numbering-plan.ts";

const berlin: NumberingPlan = {
  countryCode: "49",
  areaCode: "30",
  internationalPrefix: "00",
  nationalPrefix: "0",
  outsidePrefix: "",
};
const noArea: NumberingPlan = { ...berlin, areaCode: undefined };
const italy: NumberingPlan = { ...noArea, countryCode: "39", nationalPrefix: "" };
const withPrefix: NumberingPlan = { ...berlin, outsidePrefix: "0" };

describe("numbers by the numbering plan", () => {
  it.each([
    ["+49301234567", berlin, undefined, "+49301234567"],
    ["0049301234567", berlin, undefined, "+49301234567"],
    ["0301234567", berlin, undefined, "+49301234567"],
    ["1234567", berlin, undefined, "+49301234567"],
    ["1234567", noArea, undefined, undefined],
    ["49301234567", berlin, "e164", "+49301234567"],
    ["0301234567", berlin, "national", "+49301234567"],
    ["0043112345", berlin, undefined, "+43112345"],
    ["0612345678", italy, undefined, "+390612345678"],
    ["112", berlin, undefined, undefined],
    ["11833", berlin, undefined, undefined],
    ["*21#", berlin, undefined, undefined],
    ["anonymous", berlin, undefined, undefined],
    ["+0301", berlin, undefined, undefined],
    [`+49${"1".repeat(14)}`, berlin, undefined, undefined],
    ["", berlin, undefined, undefined],
  ] as const)("[G2] %s is read", (number, plan, format, expected) => {
    expect(toE164(number, plan, format)).toBe(expected);
  });

  it.each([
    ["+49301234567", "+e164", "+49301234567"],
    ["+49301234567", "e164", "49301234567"],
    ["+49301234567", "00e164", "0049301234567"],
    ["+49301234567", "national", "0301234567"],
    ["+43112345", "national", "0043112345"],
    ["112", "e164", "112"],
  ] as const)("[G3] %s as %s", (number, format, expected) => {
    expect(formatNumber(number, format, berlin)).toBe(expected);
  });

  it("[G4] a number with + is also looked at as a phone here would dial it", () => {
    expect(waysToDial("+49301234567", berlin)).toEqual(["+49301234567", "0301234567", "0049301234567"]);
    expect(waysToDial("+49301234567", withPrefix)).toEqual(["+49301234567", "00301234567", "00049301234567"]);
    expect(waysToDial("+43112345", berlin)).toEqual(["+43112345", "0043112345"]);
    expect(waysToDial("0301234567", berlin)).toEqual(["0301234567"]);
  });
});
