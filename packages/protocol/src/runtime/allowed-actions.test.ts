import { describe, expect, it } from "vitest";
import { allowedActions, callActions, type Call, type CallState, rolePermissions } from "../runtime.ts";

const anna = { permissions: rolePermissions("user"), extensionId: "e200", extensionNumber: "200" };
const tom = { permissions: rolePermissions("user"), extensionId: "e202", extensionNumber: "202" };
const supervisor = { permissions: rolePermissions("supervisor"), extensionId: "e100", extensionNumber: "100" };
const recorder = { ...anna, permissions: rolePermissions("user", ["calls.record"]) };

function callIn(state: CallState, more: Partial<Call> = {}): Call {
  return {
    callId: "550e8400-e29b-41d4-a716-446655440000",
    threadId: "550e8400-e29b-41d4-a716-446655440000",
    seq: 1,
    version: 1,
    state,
    caller: { number: "+49301234567" },
    callee: { number: "200" },
    heldBy: [],
    isRecall: false,
    monitors: [],
    legs: [],
    participants: [],
    ...more,
  };
}

const possible = (call: Call, who: Parameters<typeof allowedActions>[1]): readonly string[] => {
  const allowed = allowedActions(call, who);
  return callActions.filter((action) => allowed[action].ok);
};

describe("allowedActions", () => {
  const talk = [
    "attachData",
    "hangup",
    "hold",
    "mute",
    "unmute",
    "sendDtmf",
    "transferBlind",
    "transferAttended",
    "consult",
    "cancelTransfer",
    "swap",
    "conferenceMerge",
    "park",
  ];
  it.each([
    ["callee of a ringing call", callIn("ringing"), anna, ["answer", "reject", "redirect", "attachData", "hangup"]],
    [
      "caller of a call that begins",
      callIn("initiated", { caller: { number: "200" }, callee: { number: "201" } }),
      anna,
      ["answer", "attachData", "hangup"],
    ],
    ["stranger to a ringing call", callIn("ringing"), tom, ["pickup"]],
    ["party of an answered call", callIn("answered"), anna, talk],
    ["stranger to an answered call", callIn("answered"), tom, []],
    ["stranger to a parked call", callIn("parked"), tom, ["pickup"]],
    [
      "who waits in a slot",
      callIn("parked", { caller: { number: "200" }, callee: { number: "701" } }),
      anna,
      ["attachData", "hangup"],
    ],
    [
      "who holds",
      callIn("held", { heldBy: [{ number: "200" }] }),
      anna,
      talk.map((action) => (action === "hold" ? "unhold" : action)),
    ],
    ["who is held", callIn("held", { heldBy: [{ number: "+49301234567" }] }), anna, talk],
    [
      "who is in a conference",
      callIn("answered", { conferenceId: "c" }),
      anna,
      ["attachData", "hangup", "conferenceMerge"],
    ],
    [
      "supervisor of a call in a conference",
      callIn("answered", { conferenceId: "c" }),
      supervisor,
      ["attachData", "hangup", "conferenceMerge", "monitor"],
    ],
    ["with the right to record", callIn("answered"), recorder, [...talk, "recordStart"]],
    ["supervisor of an answered call", callIn("answered"), supervisor, [...talk, "monitor"]],
    ["anybody after the end", callIn("ended"), supervisor, []],
  ] as const)("[W46] %s", (_, call, who, actions) => {
    expect(possible(call, who)).toEqual(
      actions.toSorted((a, b) => callActions.findIndex((x) => x === a) - callActions.findIndex((x) => x === b)),
    );
  });

  it("[W46] says why not", () => {
    expect(allowedActions(callIn("answered"), tom).hold).toEqual({
      ok: false,
      code: "UNAUTHORIZED",
      reason: "not_a_party",
    });
    expect(allowedActions(callIn("answered"), anna).answer).toEqual({
      ok: false,
      code: "INVALID_STATE",
      reason: "not_ringing",
    });
    expect(allowedActions(callIn("answered"), anna).recordStart).toEqual({
      ok: false,
      code: "UNAUTHORIZED",
      reason: "no_permission",
    });
    expect(allowedActions(callIn("ended"), anna).hangup).toEqual({
      ok: false,
      code: "INVALID_STATE",
      reason: "call_ended",
    });
  });

  it("[W44] a paused recording can go on, not be paused again", () => {
    const call = callIn("answered", { recording: { recordingId: "r", state: "paused" } });
    const { recordResume, recordPause, recordStart } = allowedActions(call, recorder);
    expect([recordResume.ok, recordPause.ok, recordStart.ok]).toEqual([true, false, false]);
  });

  it("[C53] what an extension's policy records can be paused by who may record, and stopped by supervisors only", () => {
    const call = callIn("answered", { recording: { recordingId: "r", state: "recording", isByPolicy: true } });
    const { recordStop, recordPause } = allowedActions(call, recorder);
    expect(recordStop).toEqual({ ok: false, code: "INVALID_STATE", reason: "recording_by_policy" });
    expect(recordPause.ok).toBe(true);
    const chief = { ...supervisor, permissions: rolePermissions("supervisor", ["calls.record.others"]) };
    expect(allowedActions(call, chief).recordStop.ok).toBe(true);
  });
});
