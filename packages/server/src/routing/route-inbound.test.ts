import { describe, expect, it } from "vitest";
import { defaultExtension } from "../extensions/default-extension.ts";
import type { InboundRule } from "./inbound-rule.ts";
import type { NumberingPlan } from "./numbering-plan.ts";
import { parsePattern } from "./number-pattern.ts";
import type { Compiled } from "./outbound-rule.ts";
import { routeInbound, type InboundTables } from "./route-inbound.ts";
import type { Route } from "./route-number.ts";
import type { RoutingStep } from "./routing-step.ts";

const plan: NumberingPlan = {
  countryCode: "49",
  internationalPrefix: "00",
  nationalPrefix: "0",
  outsidePrefix: "",
};

const inside = new Map(["200", "201", "300"].map((number) => [number, defaultExtension(number, number, number)]));
const internal = (number: string): Route => {
  const extension = inside.get(number);
  return extension === undefined ? { kind: "parking_slot", slot: number } : { kind: "extension", extension };
};
const outside = (number: string): Route => ({
  kind: "outside",
  outside: { number, class: "national", attempts: [] },
});

function rule(changes: Partial<InboundRule>): Compiled<InboundRule> {
  const one: InboundRule = {
    id: "r",
    name: "Main",
    isEnabled: true,
    priority: 1,
    didPattern: "+493055500",
    destination: { kind: "extension", extensionId: "anna" },
    ...changes,
  };
  const parsed = parsePattern(one.didPattern);
  if (!parsed.ok) throw new Error(parsed.message);
  return { ...one, compiled: parsed.pattern };
}

function tables(...rules: readonly Compiled<InboundRule>[]): InboundTables {
  return {
    plan,
    rules,
    timeProfile: (id) =>
      id === "t"
        ? {
            id: "t",
            name: "Office",
            timeZone: "Europe/Berlin",
            ranges: [{ days: ["thu"], from: "08:00", to: "17:00" }],
            holidays: [],
          }
        : undefined,
    numberOf: (id) => (id === "anna" ? "200" : undefined),
    internal,
    outside,
    nowMs: Date.parse("2026-11-26T10:00:00Z"),
  };
}

const closed = Date.parse("2026-11-26T20:00:00Z");

describe("inbound rules", () => {
  it.each([["+493055500"], ["00493055500"], ["03055500"]])("[C16] [G2] %s is the same number", (dialled) => {
    expect(routeInbound({ trunkId: "a", dialled }, tables(rule({})))).toEqual({
      did: "+493055500",
      dialled: "200",
      route: { kind: "extension", extension: inside.get("200") },
      rule: { id: "r", name: "Main" },
    });
  });

  it("[G3] 49… counts where the trunk writes so", () => {
    const call = { trunkId: "a", dialled: "493055500" };
    expect(routeInbound({ ...call, format: "e164" }, tables(rule({}))).dialled).toBe("200");
    expect(routeInbound(call, tables(rule({}))).route.kind).toBe("none");
  });

  it("[G6] a pattern may be written as the trunk delivers the number, or nationally", () => {
    const national = rule({ didPattern: "030 555 XX" });
    expect(routeInbound({ trunkId: "a", dialled: "+493055500" }, tables(national)).dialled).toBe("200");
    const short = rule({ didPattern: "55500" });
    expect(routeInbound({ trunkId: "a", dialled: "55500" }, tables(short)).dialled).toBe("200");
  });

  it("[G6] a number block: the last digits are the internal number", () => {
    const block = rule({ didPattern: "+49305552XX", destination: { kind: "direct_dial", digits: 3 } });
    const found = routeInbound({ trunkId: "a", dialled: "+4930555201" }, tables(block));
    expect([found.dialled, found.route.kind]).toEqual(["201", "extension"]);
  });

  it("[G6] to an internal number, and out again", () => {
    const queue = rule({ destination: { kind: "internal", number: "300" } });
    expect(routeInbound({ trunkId: "a", dialled: "+493055500" }, tables(queue)).dialled).toBe("300");
    const out = rule({ destination: { kind: "outside", number: "0401234567" } });
    expect(routeInbound({ trunkId: "a", dialled: "+493055500" }, tables(out)).route.kind).toBe("outside");
  });

  it("[G6] to a queue, a conference and a mailbox by what they are; one that is gone leads nowhere", () => {
    const dials = (destination: InboundRule["destination"]) =>
      routeInbound(
        { trunkId: "a", dialled: "+493055500" },
        {
          ...tables(rule({ destination })),
          internal: (number) =>
            number === ""
              ? { kind: "none", reason: "empty_number" }
              : { kind: "mailbox", extension: inside.get("200") ?? defaultExtension("200", "200", "200") },
          queueNumberOf: (id) => (id === "support" ? "300" : undefined),
          conferenceNumberOf: (id) => (id === "team" ? "400" : undefined),
        },
      );
    expect(dials({ kind: "queue", queueId: "support" }).dialled).toBe("300");
    expect(dials({ kind: "conference", conferenceId: "team" }).dialled).toBe("400");
    expect(dials({ kind: "mailbox", extensionId: "anna" }).dialled).toBe("*98200");
    expect(dials({ kind: "queue", queueId: "gone" }).route.kind).toBe("none");
  });

  it("[G6] rules of another trunk, and those switched off, are passed over", () => {
    const steps: RoutingStep[] = [];
    const rules = tables(rule({ trunkId: "b" }), rule({ isEnabled: false }), rule({ name: "Any", didPattern: "." }));
    expect(routeInbound({ trunkId: "a", dialled: "+493055500" }, rules, (step) => steps.push(step)).rule?.name).toBe(
      "Any",
    );
    expect(steps.map(({ why }) => why)).toEqual([
      "is for another trunk",
      "is switched off",
      "the pattern . fits; leads to 200",
    ]);
  });

  it("[G5] [G6] closed: the fallback, and without one the next rule", () => {
    const day = rule({ timeProfileId: "t", fallbackDestination: { kind: "internal", number: "201" } });
    const call = { trunkId: "a", dialled: "+493055500" };
    expect(routeInbound(call, tables(day)).dialled).toBe("200");
    expect(routeInbound(call, { ...tables(day), nowMs: closed }).dialled).toBe("201");
    const bare = rule({ timeProfileId: "t" });
    const night = rule({ name: "Night", destination: { kind: "internal", number: "300" } });
    expect(routeInbound(call, { ...tables(bare, night), nowMs: closed }).dialled).toBe("300");
    expect(routeInbound(call, { ...tables(bare), nowMs: closed }).route.kind).toBe("none");
  });

  it("[G6] what is no party — a slot, a code — is no destination from outside", () => {
    const slot = rule({ destination: { kind: "internal", number: "701" } });
    expect(routeInbound({ trunkId: "a", dialled: "+493055500" }, tables(slot)).route.kind).toBe("none");
  });

  it("[G6] the fallback also counts where the destination is gone", () => {
    const gone = { kind: "extension", extensionId: "gone" } as const;
    const call = { trunkId: "a", dialled: "+493055500" };
    const saved = rule({ destination: gone, fallbackDestination: { kind: "internal", number: "201" } });
    expect(routeInbound(call, tables(saved)).dialled).toBe("201");
    const lost = rule({ destination: gone, fallbackDestination: gone });
    expect(routeInbound(call, tables(lost))).toMatchObject({ dialled: "+493055500", route: { kind: "none" } });
  });
});
