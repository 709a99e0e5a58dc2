import { describe, expect, it } from "vitest";
import { dialledNumber, searchDirectory } from "./search-directory.ts";

const entry = (number: string, displayName: string, department?: string) => ({
  extensionId: `e${number}`,
  number,
  displayName,
  ...(department !== undefined && { department }),
});
const entries = [
  entry("20", "Empfang"),
  entry("200", "Anna Schmidt", "Vertrieb"),
  entry("201", "Lisa Weber"),
  entry("202", "Tom Müller", "Technik"),
  entry("1200", "Lager"),
];
const found = (text: string) => searchDirectory(entries, text).map(({ number }) => number);

describe("finding somebody", () => {
  it("puts the exact number first", () => {
    expect(found("20")).toEqual(["20", "200", "201", "202"]);
  });
  it("knows names by each of their parts, with and without umlauts", () => {
    expect(found("web")).toEqual(["201"]);
    expect(found("mueller")).toEqual(["202"]);
    expect(found("Müller")).toEqual(["202"]);
  });
  it("knows departments", () => {
    expect(found("technik")).toEqual(["202"]);
  });
  it("finds nobody for nothing", () => {
    expect(found("  ")).toEqual([]);
    expect(found("zzz")).toEqual([]);
  });
});

describe("a dialled number", () => {
  it("has any spacing, +49 and 0049 being the same", () => {
    expect(dialledNumber("+49 (30) 123-45 67")).toBe("+49301234567");
    expect(dialledNumber("0049 30 1234567")).toBe("+49301234567");
    expect(dialledNumber("*97")).toBe("*97");
  });
  it("is no name", () => {
    expect(dialledNumber("Anna")).toBeUndefined();
    expect(dialledNumber("2")).toBeUndefined();
  });
});
