import { describe, expect, it } from "vitest";
import { routeNumber } from "../routing/route-number.ts";
import { defaultExtension } from "./default-extension.ts";
import type { Extension } from "./extension.ts";
import { checkForwarding, normaliseDestinations, type SettingChanges } from "./forwarding-check.ts";

const always = (to: string): Partial<Extension> => ({
  forwardUnconditionalEnabled: true,
  forwardUnconditionalDestination: to,
});

/** Reasons against changes of 200, where others are forwarded as given. */
function reasons(changes: SettingChanges, others: Readonly<Record<string, Partial<Extension>>> = {}) {
  const extensions = ["200", "201", "202", "203", "204", "205", "206", "207"].map((number) => ({
    ...defaultExtension(`id-${number}`, number, number),
    ...others[number],
  }));
  const [own] = extensions;
  if (own === undefined) throw new Error("there is no extension");
  const route = (dialled: string) =>
    routeNumber(dialled, {
      extensionByNumber: (number) => extensions.find((extension) => extension.number === number),
      isParkingSlot: (number) => number === "701",
    });
  return checkForwarding(own, normaliseDestinations(changes), { route }).map(({ field, reason }) => [field, reason]);
}

const field = "forwardUnconditionalDestination";

describe("[E3] what stands against forwarding", () => {
  it.each([
    ["another extension", always("201"), []],
    ["with the separators that people write", always("2 0-1"), []],
    ["no number", always("Lisa"), [[field, "malformed"]]],
    ["nothing but separators", always(" - "), [[field, "malformed"]]],
    ["itself", always("200"), [[field, "own_number"]]],
    ["a number that is nobody's", always("999"), [[field, "not_reachable"]]],
    ["a code that phones dial", always("*78"), [[field, "not_reachable"]]],
    ["a parking slot", always("701"), [[field, "not_reachable"]]],
    ["on without a destination", { forwardUnconditionalEnabled: true }, [[field, "no_destination"]]],
    ["a time that is none", { forwardOnNoAnswerTimeout: 0.5 }, [["forwardOnNoAnswerTimeout", "malformed"]]],
    ["a destination alone", { forwardOnBusyDestination: "202" }, []],
  ] as const)("%s", (_name, changes, expected) => {
    expect(reasons(changes)).toEqual(expected);
  });

  it("[E3] a way back is refused, for every kind of forwarding; a chain that ends is not", () => {
    expect(reasons(always("201"), { "201": always("200") })).toEqual([[field, "loop"]]);
    const busy = { forwardOnBusyEnabled: true, forwardOnBusyDestination: "201" };
    expect(reasons(busy, { "201": always("202"), "202": always("200") })).toEqual([
      ["forwardOnBusyDestination", "loop"],
    ]);
    expect(reasons(always("201"), { "201": always("202") })).toEqual([]);
  });

  it("[C15] [E3] a chain of more than five is refused", () => {
    const chain = Object.fromEntries(
      ["201", "202", "203", "204", "205", "206"].map((number) => [number, always(String(Number(number) + 1))]),
    );
    expect(reasons(always("201"), chain)).toEqual([[field, "loop"]]);
    expect(reasons(always("203"), chain)).toEqual([]);
  });

  it("[E3] what is kept from before and not touched is not looked at; switching off is always possible", () => {
    const kept = { "200": always("999") };
    expect(reasons({ dndEnabled: true }, kept)).toEqual([]);
    expect(reasons({ forwardUnconditionalEnabled: false }, kept)).toEqual([]);
    expect(reasons({ forwardUnconditionalEnabled: true }, kept)).toEqual([[field, "not_reachable"]]);
  });
});
