import { expect, it } from "vitest";
import { defaultExtension } from "./default-extension.ts";
import { concernsEngine } from "./engine-configuration.ts";

const anna = defaultExtension("6f1c", "200", "Anna Schmidt");

it.each([
  ["one that is new", { after: anna }, true],
  ["one that is gone", { before: anna }, true],
  ["another name", { before: anna, after: { ...anna, displayName: "Anna Meier" } }, true],
  ["other codecs", { before: anna, after: { ...anna, codecPreferences: ["PCMU"] } }, true],
  ["another password", { before: anna, after: anna, isSecretNew: true }, true],
  ["do not disturb", { before: anna, after: { ...anna, dndEnabled: true } }, false],
] as const)("of an extension the engine is told, or not: %s", (_, change, isTold) => {
  expect(concernsEngine(change)).toBe(isTold);
});
