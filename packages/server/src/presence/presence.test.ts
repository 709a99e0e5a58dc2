import { describe, expect, it } from "vitest";
import { derivePresence, type PresenceFacts } from "./presence.ts";

const nothing: PresenceFacts = { setting: undefined, isInCall: false, isDnd: false, isReachable: false };

describe("derivePresence", () => {
  it.each<readonly [string, Partial<PresenceFacts>, string, string | undefined]>([
    ["nothing to be reached by", {}, "offline", undefined],
    ["a phone or a session", { isReachable: true }, "available", undefined],
    ["do not disturb", { isReachable: true, isDnd: true }, "dnd", undefined],
    ["do not disturb, without a phone", { isDnd: true }, "dnd", undefined],
    ["in a call", { isReachable: true, isInCall: true }, "busy", "In a call"],
    ["in a call in spite of do not disturb", { isReachable: true, isInCall: true, isDnd: true }, "busy", "In a call"],
  ])("[P1] %s", (_, facts, presenceStatus, statusMessage) => {
    const message = statusMessage === undefined ? {} : { statusMessage };
    expect(derivePresence({ ...nothing, ...facts })).toEqual({ presenceStatus, ...message, isManual: false });
  });

  it.each(["available", "busy", "away", "dnd", "offline"] as const)("[P2] %s set by hand wins over all", (status) => {
    const facts = { isInCall: true, isDnd: true, isReachable: true };
    expect(derivePresence({ ...facts, setting: { status } })).toEqual({ presenceStatus: status, isManual: true });
    expect(derivePresence({ ...nothing, setting: { status, statusMessage: "Own words" } })).toEqual({
      presenceStatus: status,
      statusMessage: "Own words",
      isManual: true,
    });
  });
});
