import type { Extension } from "@pbx-x/protocol/runtime";
import { describe, expect, it } from "vitest";
import { type Entry, mergeDirectory } from "./merge-directory.ts";

const anna: Entry = { extensionId: "a", number: "200", displayName: "Anna Schmidt", department: "Support" };
const lisa: Entry = { extensionId: "l", number: "1001", displayName: "Lisa Weber" };
const live = ({ extensionId, number, displayName, department }: Entry): Extension =>
  ({ extensionId, number, displayName, department: department ?? null, status: "online" }) as unknown as Extension;

describe("the directory", () => {
  it("[U20] is in the order of the numbers, whatever came first", () => {
    expect(mergeDirectory([lisa, anna], [], false).entries).toEqual([anna, lisa]);
  });

  it("has what is live, and not what is gone there", () => {
    const { entries } = mergeDirectory([anna, lisa], [live({ ...anna, displayName: "Anna Berg" })], false);
    expect(entries).toEqual([{ ...anna, displayName: "Anna Berg" }]);
  });

  it("keeps the name that was read where the live one has none", () => {
    const nameless = { ...live(anna), displayName: undefined } as unknown as Extension;
    expect(mergeDirectory([anna], [nameless], false).entries).toEqual([anna]);
  });

  it("[U27] is the same object when the same names come by another way", () => {
    const read = mergeDirectory([anna, lisa], [], false);
    expect(mergeDirectory([anna, lisa], [live(lisa), live(anna)], false, read)).toBe(read);
  });

  it("[U27] keeps every other entry when one changes", () => {
    const before = mergeDirectory([anna, lisa], [], false);
    const { entries, byNumber } = mergeDirectory(
      [anna, lisa],
      [live(anna), live({ ...lisa, department: "Sales" })],
      false,
      before,
    );
    expect(entries[0]).toBe(before.entries[0]);
    expect(byNumber.get("1001")).toEqual({ ...lisa, department: "Sales" });
  });

  it("[U27] loads until somebody is known, and is the same object when the rest has come", () => {
    const first = mergeDirectory([], [], true);
    expect(first.isLoading).toBe(true);
    const live1 = mergeDirectory([], [live(anna)], true, first);
    expect(live1.isLoading).toBe(false);
    expect(mergeDirectory([anna], [live(anna)], false, live1)).toBe(live1);
    expect(mergeDirectory([], [], false, first)).toEqual({ ...first, isLoading: false });
  });
});
