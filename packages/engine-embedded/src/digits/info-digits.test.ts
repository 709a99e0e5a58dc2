import { createRequest, sipUri } from "@pbx-x/sip";
import { describe, expect, it } from "vitest";
import { infoDigitType, printInfoDigit, readInfoDigit } from "./info-digits.ts";

function read(contentType: string | undefined, body: string) {
  const party = { uri: sipUri({ user: "200", host: "pbx.test" }), params: new Map([["tag", "a"]]) };
  return readInfoDigit(
    createRequest({
      method: "INFO",
      uri: party.uri,
      from: party,
      to: party,
      callId: "c",
      cseq: 2,
      headers: [],
      body,
      ...(contentType !== undefined && { contentType }),
    }),
  );
}

describe("[C50] key presses by INFO", () => {
  it.each([
    ["application/dtmf-relay", "Signal=5\r\nDuration=160\r\n", "5", 160],
    ["application/dtmf-relay", "Signal= *\nDuration= 90", "*", 90],
    ["Application/DTMF-Relay; charset=utf-8", "signal = #", "#", 250],
    ["application/dtmf-relay", "Signal=10\r\nDuration=99999\r\n", "*", 10_000],
    ["application/dtmf-relay", "Signal=15\r\n", "D", 250],
    ["application/dtmf", "7", "7", 250],
    ["application/dtmf", " b\r\n", "B", 250],
  ])("%s %j is %s", (type, body, digit, durationMs) => {
    expect(read(type, body)).toEqual({ kind: "digit", digit, durationMs });
  });

  it.each([
    ["application/dtmf-relay", "Signal=16\r\n", "nothing"],
    ["application/hook-flash", "", "nothing"],
    [undefined, "", "nothing"],
    ["application/dtmf-relay", "Signal=\r\n", "malformed"],
    ["application/dtmf-relay", "Duration=5", "malformed"],
    ["application/dtmf-relay", "Signal=55", "malformed"],
    ["application/dtmf", "12x", "malformed"],
    ["application/dtmf", "", "malformed"],
    ["application/media_control+xml", "<x/>", "unknown_type"],
  ])("%s %j is %s", (type, body, kind) => {
    expect(read(type, body)).toEqual({ kind });
  });

  it("[C50] what is written can be read", () => {
    expect(read(infoDigitType, printInfoDigit("#", 160))).toEqual({ kind: "digit", digit: "#", durationMs: 160 });
  });
});
