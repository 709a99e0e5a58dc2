import type { AnyEvent } from "@pbx-x/protocol/runtime";
import { describe, expect, it } from "vitest";
import { word } from "../words/words.ts";
import { phasesOf, timelineLines } from "./timeline-lines.ts";

const anna = { number: "200", name: "Anna" };
const lisa = { number: "201", name: "Lisa" };
const event = (seq: number, type: string, second: number, data: object): AnyEvent =>
  ({
    eventId: `e${seq}`,
    seq,
    type,
    timestamp: `2026-01-01T10:00:0${second}.000Z`,
    data: { callId: "c", ...data },
  }) as unknown as AnyEvent;
const events = [
  event(3, "CALL_ENDED", 9, {
    hangupCause: "busy",
    call: { callee: lisa },
    causedBy: { via: "phone" },
    phases: { ringSeconds: 2, talkSeconds: 7, holdSeconds: 0 },
  }),
  event(1, "CALL_CREATED", 0, { caller: anna, callee: lisa, causedBy: { via: "command" } }),
  event(2, "CALL_ANSWERED", 2, { answeredBy: lisa }),
];
const lines = timelineLines(
  events,
  (key, values) => word("en", key, values),
  (party) => party?.name ?? party?.number,
);

describe("a timeline", () => {
  it("is in the order of the log, each event once", () => {
    const again = timelineLines(
      [...events, ...events],
      (key) => key,
      () => undefined,
    );
    expect(again.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });
  it("tells each event in a sentence with names", () => {
    expect(lines.map(({ text }) => text)).toEqual(["Anna calls Lisa", "Lisa answers", "Call ended: Lisa is busy"]);
  });
  it("tells when, since the beginning, and by what", () => {
    expect(lines.map(({ offsetMs }) => offsetMs)).toEqual([0, 2000, 9000]);
    expect(lines.map(({ via }) => via)).toEqual(["command", undefined, "phone"]);
  });
  it("has the parts of an ended call, without empty ones", () => {
    expect(phasesOf(events)).toEqual([
      { name: "ring", seconds: 2 },
      { name: "talk", seconds: 7 },
    ]);
  });
});
