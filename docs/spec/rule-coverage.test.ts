import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { definedRules, plannedFile, rulesInTitles, testedRules, untestedRules } from "./rule-coverage.ts";

describe("rules of docs/spec", () => {
  it("are all found", () => {
    expect(definedRules().size).toBeGreaterThan(140);
  });

  it("are the only ones that tests name", () => {
    const defined = definedRules();
    const unknown = [...testedRules()].filter(([id]) => !defined.has(id));
    expect(unknown).toEqual([]);
  });

  it("have a test or are listed in planned-rules.json, and never both (node docs/spec/update-planned.ts)", () => {
    expect(JSON.parse(readFileSync(plannedFile, "utf8"))).toEqual(untestedRules());
  });

  it("are read from titles only, other brackets ignored", () => {
    const source = [
      `it("[W1] [C3, Q2] a", () => list["[W9]"]);`,
      "it.each(rows)(`[W4] b`, f);",
      `describe("[RFC3261 17.1] c", f);`,
      "// [W5]",
    ].join("\n");
    expect([...rulesInTitles(source)]).toEqual(["W1", "C3", "Q2", "W4"]);
  });
});
