import { describe, expect, it } from "vitest";
import type { NumberingPlan } from "./numbering-plan.ts";
import { parsePattern } from "./number-pattern.ts";
import type { Compiled, OutboundRule } from "./outbound-rule.ts";
import { routeEmergency, routeOutside, type OutsideTables } from "./route-outside.ts";
import type { RoutingStep } from "./routing-step.ts";
import type { RoutingTrunk } from "./routing-trunk.ts";

const plan: NumberingPlan = {
  countryCode: "49",
  areaCode: "30",
  internationalPrefix: "00",
  nationalPrefix: "0",
  outsidePrefix: "",
};

const trunks: readonly RoutingTrunk[] = [
  { id: "a", name: "First", isEnabled: true, mainNumber: "+49305550" },
  { id: "b", name: "Second", isEnabled: true, numberFormat: "e164" },
  { id: "c", name: "Off", isEnabled: false },
];

function rule(changes: Partial<OutboundRule>): Compiled<OutboundRule> {
  const one: OutboundRule = {
    id: "r",
    name: "National",
    isEnabled: true,
    priority: 1,
    pattern: "0Z.",
    strip: 0,
    prepend: "",
    trunkIds: ["a"],
    callerId: { mode: "trunk" },
    ...changes,
  };
  const parsed = parsePattern(one.pattern);
  if (!parsed.ok) throw new Error(parsed.message);
  return { ...one, compiled: parsed.pattern };
}

function tables(rules: readonly Compiled<OutboundRule>[], changes: Partial<OutsideTables> = {}): OutsideTables {
  return {
    plan,
    rules,
    trunks: { byId: (id) => trunks.find((trunk) => trunk.id === id), all: () => trunks, isDown: () => false },
    timeProfile: () => undefined,
    emergencyNumbers: ["112", "110"],
    prefixes: [],
    nowMs: Date.parse("2026-11-26T10:00:00Z"),
    ...changes,
  };
}

describe("outbound rules", () => {
  it("[C16] [G4] pattern, trunk and class", () => {
    expect(routeOutside("0301234567", tables([rule({})]))).toEqual({
      number: "+49301234567",
      class: "national",
      rule: { id: "r", name: "National" },
      attempts: [
        {
          trunk: { id: "a", name: "First" },
          number: "0301234567",
          callerId: { mode: "trunk" },
          mainNumber: "+49305550",
        },
      ],
    });
  });

  it("[G4] strips, then prepends; what goes out decides the class", () => {
    const outside = rule({ pattern: "0.", strip: 1, prepend: "" });
    const found = routeOutside("00900123456", tables([outside]));
    expect(found?.attempts[0]?.number).toBe("0900123456");
    expect(found?.class).toBe("premium");
    const local = rule({ pattern: "9.", strip: 1, prepend: "+4930" });
    expect(routeOutside("91234567", tables([local]))?.attempts[0]?.number).toBe("+49301234567");
  });

  it("[G4] the first rule that fits wins, one that is off or empty is passed over", () => {
    const steps: RoutingStep[] = [];
    const rules = [
      rule({ id: "1", name: "Off", isEnabled: false }),
      rule({ id: "2", name: "Mobile", pattern: "01[567]." }),
      rule({ id: "3", name: "No trunk", trunkIds: ["c", "gone"] }),
      rule({ id: "4", name: "Good" }),
      rule({ id: "5", name: "Late" }),
    ];
    const found = routeOutside("0301234567", tables(rules), (step) => steps.push(step));
    expect(found?.rule?.name).toBe("Good");
    expect(steps.map(({ subject, verdict }) => `${subject}: ${verdict}`)).toEqual([
      "outbound rule Off: passed_over",
      "outbound rule Mobile: passed_over",
      "outbound rule No trunk: taken",
      "trunk Off: passed_over",
      "trunk gone: passed_over",
      "outbound rule Good: taken",
      "trunk First: noted",
    ]);
  });

  it("[G4] a number of the address book with + fits the rule for phones", () => {
    expect(routeOutside("+49301234567", tables([rule({})]))?.attempts[0]?.number).toBe("0301234567");
    const withPrefix = tables([rule({ pattern: "0.", strip: 1 })], { plan: { ...plan, outsidePrefix: "0" } });
    expect(routeOutside("+49301234567", withPrefix)?.attempts[0]?.number).toBe("0301234567");
    expect(routeOutside("+43112345", withPrefix)).toMatchObject({ number: "+43112345", class: "international" });
  });

  it("[G3] each trunk gets the number in its own form", () => {
    const found = routeOutside("0301234567", tables([rule({ trunkIds: ["a", "b"] })]));
    expect(found?.attempts.map(({ number }) => number)).toEqual(["0301234567", "49301234567"]);
  });

  it("[G7] a trunk that is down comes last, one that is disabled not at all", () => {
    const { trunks: ports } = tables([]);
    const down = tables([rule({ trunkIds: ["a", "c", "b"] })], { trunks: { ...ports, isDown: (id) => id === "a" } });
    expect(routeOutside("0301234567", down)?.attempts.map(({ trunk }) => trunk.id)).toEqual(["b", "a"]);
  });

  it("[G5] a rule counts only while its time profile is open", () => {
    const profile = {
      id: "t",
      name: "Office",
      timeZone: "Europe/Berlin",
      ranges: [{ days: ["thu"], from: "08:00", to: "17:00" }],
      holidays: [],
    } as const;
    const rules = [rule({ timeProfileId: "t" })];
    const open = tables(rules, { timeProfile: () => profile });
    expect(routeOutside("0301234567", open)).toBeDefined();
    expect(routeOutside("0301234567", { ...open, nowMs: Date.parse("2026-11-27T10:00:00Z") })).toBeUndefined();
    expect(routeOutside("0301234567", { ...open, timeProfile: () => undefined })).toBeUndefined();
  });

  it("[G4] no rule, no way out", () => {
    expect(routeOutside("999", tables([rule({})]))).toBeUndefined();
    expect(routeOutside("0", tables([rule({ pattern: "X", strip: 1 })]))).toBeUndefined();
  });
});

describe("emergency numbers", () => {
  it("[C16] [G8] go out by every enabled trunk, exactly as they are, without any rule", () => {
    expect(routeEmergency("112", tables([]))).toMatchObject({
      number: "112",
      class: "emergency",
      attempts: [
        { trunk: { id: "a" }, number: "112", callerId: { mode: "trunk" } },
        { trunk: { id: "b" }, number: "112" },
      ],
    });
  });

  it("[G8] with the prefix for an outside line too; the trunks of the rule that fits come first; never anonymous", () => {
    const emergency = rule({ pattern: "0112", trunkIds: ["b"], callerId: { mode: "anonymous" } });
    const found = routeEmergency("0112", tables([emergency], { plan: { ...plan, outsidePrefix: "0" } }));
    expect(found?.attempts.map(({ trunk, number, callerId }) => [trunk.id, number, callerId.mode])).toEqual([
      ["b", "112", "trunk"],
      ["a", "112", "trunk"],
    ]);
  });

  it("[G8] other numbers are none, and without a trunk there is no way", () => {
    expect(routeEmergency("1120", tables([]))).toBeUndefined();
    const none = { byId: () => undefined, all: () => [], isDown: () => false };
    expect(routeEmergency("112", tables([], { trunks: none }))).toBeUndefined();
  });
});
