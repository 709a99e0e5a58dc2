import { describe, expect, it } from "vitest";
import { changedValues, conflictsOf, type Field, initialValues } from "./field.ts";

const fields: readonly Field[] = [
  { name: "number", word: "field.number", kind: "text", isRequired: true, isFixed: true },
  { name: "displayName", word: "field.displayName", kind: "text", isRequired: true },
  { name: "department", word: "field.department", kind: "text" },
  { name: "maxConcurrentCalls", word: "field.maxConcurrentCalls", kind: "number", begins: 2 },
  { name: "voicemailEnabled", word: "field.voicemailEnabled", kind: "switch" },
  { name: "password", word: "field.password", kind: "secret" },
];
const anna = { number: "200", displayName: "Anna", department: "Sales", maxConcurrentCalls: 2, voicemailEnabled: true };

describe("[U55] a form", () => {
  it("sends only what was changed, numbers as numbers, and null for what was emptied", () => {
    const before = initialValues(fields, anna);
    expect(
      changedValues(
        fields,
        before,
        { ...before, displayName: "Anna S.", department: "", maxConcurrentCalls: "3" },
        false,
      ),
    ).toEqual({
      displayName: "Anna S.",
      department: null,
      maxConcurrentCalls: 3,
    });
    expect(changedValues(fields, before, { ...before, maxConcurrentCalls: "2", password: "" }, false)).toEqual({});
  });
  it("of a new thing sends what was filled in", () => {
    const before = initialValues(fields, undefined);
    expect(changedValues(fields, before, { ...before, number: "210", displayName: "New" }, true)).toEqual({
      number: "210",
      displayName: "New",
      maxConcurrentCalls: 2,
      voicemailEnabled: false,
    });
  });
  it("tells which of its fields somebody else has changed meanwhile, and no others", () => {
    const before = initialValues(fields, anna);
    const theirs = { ...anna, displayName: "Anna B.", department: "Support" };
    expect(conflictsOf(fields, before, theirs, { displayName: "Anna C." }).map(({ name }) => name)).toEqual([
      "displayName",
    ]);
    expect(conflictsOf(fields, before, theirs, { voicemailEnabled: false })).toEqual([]);
  });
});
