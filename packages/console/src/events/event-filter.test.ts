import type { AnyEvent } from "@pbx-x/protocol/runtime";
import { describe, expect, it } from "vitest";
import { fits, parseFilter, subjectOf } from "./event-filter.ts";

const held = {
  type: "CALL_HELD",
  seq: 7,
  timestamp: "2026-01-01T00:00:00Z",
  data: {
    callId: "550e8400-x",
    heldBy: { number: "200" },
    causedBy: { via: "command", commandId: "c1" },
    call: { caller: { number: "200" }, callee: { number: "201" } },
  },
} as unknown as AnyEvent;
const gone = {
  type: "EXTENSION_UNREGISTERED",
  timestamp: "",
  data: { number: "202", reason: "timeout" },
} as unknown as AnyEvent;
const finds = (text: string, event = held) => fits(event, parseFilter(text));

describe("the filter", () => {
  it("takes types with stars, several of them", () => {
    expect(finds("type:CALL_*")).toBe(true);
    expect(finds("type:QUEUE_*")).toBe(false);
    expect(finds("type:QUEUE_* type:CALL_HELD")).toBe(true);
    expect(finds("type:call_h")).toBe(true);
  });
  it("takes the beginning of a call's id, a cause and a number", () => {
    expect(finds("call:550e")).toBe(true);
    expect(finds("call:6")).toBe(false);
    expect(finds("via:command")).toBe(true);
    expect(finds("via:phone")).toBe(false);
    expect(finds("number:201")).toBe(true);
    expect(finds("number:20")).toBe(false);
  });
  it("takes words, all of which must be there", () => {
    expect(finds("timeout 202", gone)).toBe(true);
    expect(finds("timeout 203", gone)).toBe(false);
  });
  it("lets everything through when it is empty, and no pattern breaks it", () => {
    expect(finds("")).toBe(true);
    expect(finds("type:( call:")).toBe(false);
  });
});

it("an event is named by its parties, else by what it is about", () => {
  expect(subjectOf(held)).toBe("200 → 201");
  expect(subjectOf(gone)).toBe("202");
});
