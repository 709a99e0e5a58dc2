import type { Call, Extension } from "@pbx-x/protocol/runtime";
import { describe, expect, it } from "vitest";
import { cardState } from "./card-state.ts";

const anna = { number: "200", extensionId: "e200" };
const outside = { number: "+49301234567", name: "Max" };
const idle = { ...anna, calls: [], extension: undefined, presence: "available", phones: 1 } as const;

function call(changes: Partial<Call>): Call {
  const none = { heldBy: [], isRecall: false, monitors: [], legs: [], participants: [] };
  const parties = { caller: outside, callee: anna };
  return { callId: "c", seq: 1, version: 1, threadId: "c", state: "answered", ...none, ...parties, ...changes } as Call;
}

describe("a card", () => {
  it("shows presence while nothing happens", () => {
    expect(cardState(idle).mark.word).toBe("presence.available");
  });
  it("shows the liveliest of several calls and who is at the other end", () => {
    const held = call({ callId: "c1" as Call["callId"], state: "held", heldBy: [anna] as Call["heldBy"] });
    const state = cardState({ ...idle, calls: [held, call({})] });
    expect(state.mark.word).toBe("call.answered");
    expect(state.other).toBe(outside);
  });
  it("says so where there is no phone, and where calls go on to", () => {
    const extension = {
      ...anna,
      seq: 1,
      forwardUnconditionalEnabled: true,
      forwardUnconditionalDestination: "202",
    } as Extension;
    const state = cardState({ ...idle, phones: 0, extension });
    expect(state.mark.word).toBe("panel.noPhone");
    expect(state).toMatchObject({ isOffline: true, forwardedTo: "202" });
  });
  it("puts do not disturb before presence, a call before do not disturb", () => {
    const extension = { ...anna, seq: 1, dndEnabled: true } as Extension;
    expect(cardState({ ...idle, extension }).mark.word).toBe("presence.dnd");
    expect(cardState({ ...idle, extension, calls: [call({ state: "ringing" })] }).mark.word).toBe("call.ringing");
  });
  it("leaves a parked call to the parking bar", () => {
    expect(cardState({ ...idle, calls: [call({ state: "parked" })] }).call).toBeUndefined();
  });
});
