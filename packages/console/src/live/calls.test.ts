import type { Call, QueueEntry } from "@pbx-x/protocol/runtime";
import { describe, expect, it } from "vitest";
import { byArrival, consultationOf, otherParty, phaseSince, shownState, sideOf } from "./calls.ts";

const anna = { number: "200", extensionId: "e200" };
const lisa = { number: "201", extensionId: "e201" };
const outside = { number: "+49301234567" };

function call(changes: Partial<Call>): Call {
  const none = { heldBy: [], isRecall: false, monitors: [], legs: [], participants: [] };
  return { callId: "c1", seq: 1, version: 1, threadId: "c1", state: "ringing", ...none, ...changes } as Call;
}

describe("a call as its parties see it", () => {
  it("is incoming for who is rung and outgoing for who dialled", () => {
    const ringing = call({ caller: anna, callee: lisa });
    expect(shownState(ringing, lisa)).toBe("incoming");
    expect(shownState(ringing, anna)).toBe("outgoing");
    expect(otherParty(ringing, lisa)).toBe(anna);
  });

  it("belongs to who answered, not to who was rung first", () => {
    const answered = call({ state: "answered", caller: outside, callee: { number: "300" }, answeredBy: lisa });
    expect(sideOf(answered, lisa)).toBe("callee");
    expect(sideOf(answered, anna)).toBeUndefined();
    expect(otherParty(answered, lisa)).toBe(outside);
  });

  it("tells who holds it", () => {
    const held = call({ state: "held", caller: anna, callee: lisa, answeredBy: lisa, heldBy: [lisa] });
    expect(shownState(held, lisa)).toBe("held");
    expect(shownState(held, anna)).toBe("held_by_other");
  });

  it("[U24] waits for its caller while it is in a queue, whoever is rung, since it entered", () => {
    const entry = { callId: "c1", position: 1, enteredAt: "2026-01-01T00:00:10Z" } as QueueEntry;
    const queued = call({
      caller: anna,
      callee: lisa,
      startedAt: "2026-01-01T00:00:00Z",
      stateSince: "2026-01-01T00:00:30Z",
    });
    for (const state of ["initiated", "ringing", "transferred"] as const)
      expect(shownState({ ...queued, state }, anna, entry)).toBe("waiting");
    expect(phaseSince(queued, "waiting", entry)).toBe("2026-01-01T00:00:10Z");
    expect(shownState(queued, lisa, entry)).toBe("incoming");
    expect(phaseSince(queued, "incoming", entry)).toBe("2026-01-01T00:00:30Z");
    expect(shownState({ ...queued, state: "answered" }, anna, entry)).toBe("talking");
  });

  it("[U24] has a timer for each phase: talk since the last answer, hold since the hold", () => {
    const times = { answeredAt: "2026-01-01T00:00:01Z", talkSince: "2026-01-01T00:01:00Z" };
    const held = call({ ...times, state: "held", stateSince: "2026-01-01T00:02:00Z" });
    expect(phaseSince(held, "held")).toBe("2026-01-01T00:02:00Z");
    expect(phaseSince(held, "talking")).toBe("2026-01-01T00:01:00Z");
  });

  it("is not the own one for who only listens in", () => {
    const legs = [{ legId: "l", side: "monitor", state: "answered", extensionId: "e100" }] as unknown as Call["legs"];
    expect(
      sideOf(call({ state: "answered", caller: anna, callee: lisa, legs }), { number: "100", extensionId: "e100" }),
    ).toBeUndefined();
  });

  it("[U32] is found with its consultation from either of the two", () => {
    const held = call({ callId: "c1", state: "held" });
    const consult = call({ callId: "c2", consultFor: "c1" as Call["callId"] });
    expect(consultationOf(held, [held, consult], anna)).toEqual({ held, consult });
    expect(consultationOf(consult, [held, consult], anna)).toEqual({ held, consult });
    expect(consultationOf(consult, [consult], anna)).toBeUndefined();
  });

  it("[U32] is found where the phone itself holds one and calls somebody on its other line, also once it has swapped", () => {
    const at = (second: number) => ({ startedAt: `2026-01-01T00:00:0${second}Z` });
    const first = call({
      callId: "c1" as Call["callId"],
      caller: outside,
      callee: anna,
      ...at(1),
      state: "held",
      heldBy: [anna] as Call["heldBy"],
    });
    const second = call({ callId: "c2" as Call["callId"], caller: anna, callee: lisa, ...at(2) });
    const pair = { held: first, consult: second };
    expect(consultationOf(first, [first, second], anna)).toEqual(pair);
    expect(consultationOf(second, [first, second], anna)).toEqual(pair);
    const swapped = [
      { ...first, state: "answered", heldBy: [] },
      { ...second, state: "held", heldBy: [anna] },
    ] as unknown as readonly [Call, Call];
    expect(consultationOf(swapped[0], swapped, anna)).toEqual({ held: swapped[0], consult: swapped[1] });
    const incoming = { ...second, caller: lisa, callee: anna };
    expect(consultationOf(first, [first, incoming], anna)).toBeUndefined();
    const third = call({ callId: "c3" as Call["callId"], caller: lisa, callee: anna, ...at(3) });
    expect(consultationOf(third, [first, second, third], anna)).toBeUndefined();
  });

  it("[U20] keeps the order of arrival", () => {
    const first = call({ callId: "b", startedAt: "2026-01-01T00:00:00Z" });
    const second = call({ callId: "a", startedAt: "2026-01-01T00:00:01Z" });
    expect([second, first].toSorted(byArrival)).toEqual([first, second]);
  });
});
