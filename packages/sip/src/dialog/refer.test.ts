import { describe, expect, test } from "vitest";
import { createRequest } from "../message/build.ts";
import { printUri, sipUri } from "../message/uri.ts";
import { parseRefer, parseTransferProgress, printTransferProgress } from "./refer.ts";

function refer(...values: readonly string[]) {
  const self = { uri: sipUri({ user: "100", host: "pbx.test" }), params: new Map() };
  const request = createRequest({
    method: "REFER",
    uri: self.uri,
    from: self,
    to: self,
    callId: "call",
    cseq: 1,
    headers: values.map((value) => ({ name: "Refer-To", value })),
  });
  return parseRefer(request);
}

describe("what a REFER wants (RFC 3515)", () => {
  test("a call to somebody", () => {
    const wish = refer("<sip:200@pbx.test;transport=tcp>");
    expect(wish && [printUri(wish.target), wish.replaces]).toEqual(["sip:200@pbx.test;transport=tcp", undefined]);
    expect(refer("<tel:+493012345>")).toMatchObject({ target: { scheme: "tel", number: "+493012345" } });
  });

  test("a call in place of another (RFC 3891 §3), escaped in the URI", () => {
    const wish = refer("<sip:200@pbx.test?Replaces=abc%40host%3Bto-tag%3Dmine%3Bfrom-tag%3Dtheirs>");
    expect(wish && printUri(wish.target)).toBe("sip:200@pbx.test");
    expect(wish?.replaces).toEqual({
      dialog: { callId: "abc@host", localTag: "mine", remoteTag: "theirs" },
      earlyOnly: false,
    });
  });

  test.each([
    ["no Refer-To", []],
    ["two of them", ["<sip:a@b.test>", "<sip:c@d.test>"]],
    ["a malformed one", ["<sip:"]],
    ["another method", ["<sip:a@b.test;method=BYE>"]],
    ["a malformed Replaces", ["<sip:a@b.test?Replaces=abc%3Bto-tag%3D1>"]],
  ])("%s is refused", (_, values) => {
    expect(refer(...values)).toBeUndefined();
  });
});

describe("how it goes on (RFC 3515 §2.4.5)", () => {
  test("is told as a status line", () => {
    expect([100, 200, 603].map(printTransferProgress)).toEqual([
      "SIP/2.0 100 Trying\r\n",
      "SIP/2.0 200 OK\r\n",
      "SIP/2.0 603 Decline\r\n",
    ]);
  });

  test("is read from one, with or without more", () => {
    const bodies = [
      "SIP/2.0 180 Ringing\r\n",
      "SIP/2.0 200 OK\r\nTo: <sip:a@b>\r\n",
      "SIP/2.0 486",
      "SIP/2.0 99 x",
      "OK",
    ];
    expect(bodies.map(parseTransferProgress)).toEqual([180, 200, 486, undefined, undefined]);
  });
});
