import type { Call } from "@pbx-x/protocol/runtime";
import { describe, expect, it } from "vitest";
import { dropChoices, parseTarget } from "./drop-choices.ts";

const max = { number: "100", extensionId: "e100" };
const anna = { number: "200", extensionId: "e200" };
const lisa = { kind: "extension", number: "201" } as const;

function call(changes: Partial<Call>): Call {
  const none = { heldBy: [], isRecall: false, monitors: [], legs: [], participants: [] };
  const parties = { caller: anna, callee: max };
  return { callId: "c", seq: 1, version: 1, threadId: "c", state: "answered", ...none, ...parties, ...changes } as Call;
}

describe("[U34] a call that is dragged", () => {
  it("is consulted about or passed on, where it is up", () => {
    expect(dropChoices(call({}), max, lisa, false)).toEqual(["consult", "transferBlind"]);
    expect(dropChoices(call({ state: "held", heldBy: [max] }), max, lisa, false)).toEqual(["consult", "transferBlind"]);
  });
  it("is redirected while it rings here", () => {
    expect(dropChoices(call({ state: "ringing" }), max, lisa, false)).toEqual(["redirect"]);
  });
  it("goes nowhere on its own parties", () => {
    expect(dropChoices(call({}), max, { kind: "extension", number: "200" }, false)).toEqual([]);
    expect(dropChoices(call({}), max, { kind: "extension", number: "100" }, false)).toEqual([]);
  });
  it("of others is moved only by who may, and only while it rings", () => {
    const foreign = call({ caller: anna, callee: { number: "202" } });
    expect(dropChoices(foreign, max, lisa, true)).toEqual([]);
    expect(dropChoices({ ...foreign, state: "ringing" }, max, lisa, true)).toEqual(["redirect"]);
    expect(dropChoices({ ...foreign, state: "ringing" }, max, lisa, false)).toEqual([]);
  });
  it("is parked on the bar and retrieved on the own calls", () => {
    expect(dropChoices(call({}), max, { kind: "park" }, false)).toEqual(["park"]);
    expect(dropChoices(call({ state: "parked", callee: { number: "701" } }), max, { kind: "dock" }, false)).toEqual([
      "pickup",
    ]);
  });
});

it("targets are read from their mark", () => {
  expect(parseTarget("extension:201")).toEqual(lisa);
  expect(parseTarget("park")).toEqual({ kind: "park" });
  expect(parseTarget(undefined)).toBeUndefined();
});
