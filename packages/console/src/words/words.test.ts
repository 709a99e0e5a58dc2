import { describe, expect, it } from "vitest";
import { isWordKey, preferredLanguage, word } from "./words.ts";

describe("words", () => {
  it("are given in both languages with values filled in", () => {
    expect(word("en", "act.connect", { first: "Max", second: "Lisa" })).toBe("Connect Max with Lisa");
    expect(word("de", "act.connect", { first: "Max", second: "Lisa" })).toBe("Max mit Lisa verbinden");
  });

  it("keep a hole that nothing fills", () => {
    expect(word("en", "connection.lost")).toContain("{time}");
  });

  it("follow the browser's languages in their order", () => {
    expect(preferredLanguage(["fr-FR", "de-AT", "en"])).toBe("de");
    expect(preferredLanguage(["fr"])).toBe("en");
  });

  it("know their keys", () => {
    expect(isWordKey("call.held")).toBe(true);
    expect(isWordKey("toString")).toBe(false);
  });
});
