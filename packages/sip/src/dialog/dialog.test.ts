import { describe, expect, test } from "vitest";
import { createRequest, createResponse } from "../message/build.ts";
import type { HeaderField } from "../message/headers.ts";
import type { SipRequest } from "../message/message.ts";
import { printNameAddr } from "../message/name-addr.ts";
import { printUri, sipUri } from "../message/uri.ts";
import type { Remote } from "../transport/transport.ts";
import { Dialog } from "./dialog.ts";

const peer: Remote = { transport: "udp", address: "192.0.2.8", port: 5060 };
const field = (name: string, value: string): HeaderField => ({ name, value });

function requestOf(parts: Partial<Parameters<typeof createRequest>[0]> = {}): SipRequest {
  return createRequest({
    method: "INVITE",
    uri: sipUri({ user: "200", host: "pbx.test" }),
    from: { uri: sipUri({ user: "100", host: "pbx.test" }), params: new Map([["tag", "caller"]]) },
    to: { uri: sipUri({ user: "200", host: "pbx.test" }), params: new Map() },
    callId: "call-1",
    cseq: 7,
    headers: [field("Contact", "<sip:100@192.0.2.7>")],
    ...parts,
  });
}

function uac(headers: readonly HeaderField[] = [field("Contact", "<sip:200@192.0.2.8>")], toTag = "callee"): Dialog {
  const request = requestOf();
  const dialog = Dialog.fromResponse(request, createResponse(request, 180, { toTag, headers }), peer);
  if (dialog === undefined) throw new Error("no dialog");
  return dialog;
}

function uas(headers: readonly HeaderField[] = [field("Contact", "<sip:100@192.0.2.7>")]): Dialog {
  const dialog = Dialog.fromRequest(requestOf({ headers }), "callee", peer);
  if (dialog === undefined) throw new Error("no dialog");
  return dialog;
}

const inDialog = (cseq: number, method = "INFO"): SipRequest => requestOf({ method, cseq });
const routesOf = (request: SipRequest): readonly string[] => request.headers.getAll("Route");

describe("state (RFC 3261 §12.1)", () => {
  test("the caller's dialog has the tags, Call-ID and target of the answer", () => {
    const dialog = uac();
    expect(dialog.id).toEqual({ callId: "call-1", localTag: "caller", remoteTag: "callee" });
    const request = dialog.request("BYE");
    expect(printUri(request.uri)).toBe("sip:200@192.0.2.8");
    expect(printNameAddr(request.to)).toBe("<sip:200@pbx.test>;tag=callee");
    expect(printNameAddr(request.from)).toBe("<sip:100@pbx.test>;tag=caller");
  });

  test("the called side's dialog has them the other way round", () => {
    const dialog = uas();
    expect(dialog.id).toEqual({ callId: "call-1", localTag: "callee", remoteTag: "caller" });
    const request = dialog.request("BYE");
    expect(printUri(request.uri)).toBe("sip:100@192.0.2.7");
    expect(printNameAddr(request.to)).toBe("<sip:100@pbx.test>;tag=caller");
  });

  test("who made the Call-ID is known to both", () => {
    expect([uac().ownsCallId, uas().ownsCallId]).toEqual([true, false]);
  });

  test("an INVITE without Contact begins no dialog", () => {
    expect(Dialog.fromRequest(requestOf({ headers: [] }), "callee", peer)).toBeUndefined();
  });

  test("an answer without tag begins no dialog", () => {
    const request = requestOf();
    expect(Dialog.fromResponse(request, createResponse(request, 180), peer)).toBeUndefined();
  });

  test("a caller of RFC 2543 without tag has an empty one", () => {
    const from = { uri: sipUri({ user: "100", host: "pbx.test" }), params: new Map() };
    expect(Dialog.fromRequest(requestOf({ from }), "callee", peer)?.remoteTag).toBe("");
  });
});

describe("route sets (§12.1, §12.2.1.1)", () => {
  const recorded = [field("Record-Route", "<sip:p2.test;lr>, <sip:p1.test;lr>")];

  test("the called side keeps the order of Record-Route", () => {
    const dialog = uas([field("Contact", "<sip:100@192.0.2.7>"), ...recorded]);
    expect(routesOf(dialog.request("BYE"))).toEqual(["<sip:p2.test;lr>", "<sip:p1.test;lr>"]);
  });

  test("the caller turns it round", () => {
    const dialog = uac([field("Contact", "<sip:200@192.0.2.8>"), ...recorded]);
    expect(routesOf(dialog.request("BYE"))).toEqual(["<sip:p1.test;lr>", "<sip:p2.test;lr>"]);
    expect(printUri(dialog.request("BYE").uri)).toBe("sip:200@192.0.2.8");
  });

  test("several header lines are one list", () => {
    const lines = [field("Record-Route", "<sip:p2.test;lr>"), field("Record-Route", "<sip:p1.test;lr>")];
    expect(routesOf(uac(lines).request("BYE"))).toEqual(["<sip:p1.test;lr>", "<sip:p2.test;lr>"]);
  });

  test("a first route without lr becomes the request URI, the target the last route (strict routing)", () => {
    const dialog = uas([
      field("Contact", "<sip:100@192.0.2.7>"),
      field("Record-Route", "<sip:p2.test>, <sip:p1.test;lr>"),
    ]);
    const request = dialog.request("BYE");
    expect(printUri(request.uri)).toBe("sip:p2.test");
    expect(routesOf(request)).toEqual(["<sip:p1.test;lr>", "<sip:100@192.0.2.7>"]);
  });

  test("the 2xx sets route set and target anew (§13.2.2.4)", () => {
    const dialog = uac([field("Contact", "<sip:early@192.0.2.8>"), field("Record-Route", "<sip:early.test;lr>")]);
    const headers = [field("Contact", "<sip:late@192.0.2.9>"), field("Record-Route", "<sip:late.test;lr>")];
    dialog.confirm(createResponse(requestOf(), 200, { toTag: "callee", headers }));
    const request = dialog.ack(7);
    expect([printUri(request.uri), ...routesOf(request)]).toEqual(["sip:late@192.0.2.9", "<sip:late.test;lr>"]);
  });

  test("a target refresh changes the target, never the route set", () => {
    const dialog = uas([field("Contact", "<sip:100@192.0.2.7>"), ...recorded]);
    const headers = [field("Contact", "<sip:100@192.0.2.77>"), field("Record-Route", "<sip:other.test;lr>")];
    dialog.refreshTarget(requestOf({ cseq: 8, headers }));
    const request = dialog.request("BYE");
    expect(printUri(request.uri)).toBe("sip:100@192.0.2.77");
    expect(routesOf(request)).toEqual(["<sip:p2.test;lr>", "<sip:p1.test;lr>"]);
  });

  test("a refresh without Contact leaves the target", () => {
    const dialog = uas();
    dialog.refreshTarget(requestOf({ headers: [] }));
    expect(printUri(dialog.request("BYE").uri)).toBe("sip:100@192.0.2.7");
  });
});

describe("CSeq (§12.2)", () => {
  test("the caller counts on from its INVITE", () => {
    const dialog = uac();
    expect([dialog.request("INFO").cseq, dialog.request("BYE").cseq]).toEqual([
      { number: 8, method: "INFO" },
      { number: 9, method: "BYE" },
    ]);
  });

  test("the called side counts for itself", () => {
    expect(uas().request("BYE").cseq.number).toBe(1);
  });

  test("an ACK has its INVITE's number and counts nothing", () => {
    const dialog = uac();
    expect(dialog.ack(7).cseq).toEqual({ number: 7, method: "ACK" });
    expect(dialog.request("BYE").cseq.number).toBe(8);
  });

  test("lower and equal numbers are out of order; gaps are not", () => {
    const dialog = uas();
    const verdicts = [6, 7, 8, 8, 20, 19].map((cseq) => dialog.takeRequest(inDialog(cseq), peer));
    expect(verdicts).toEqual([false, false, true, false, true, false]);
  });

  test("the caller takes any first number", () => {
    expect(uac().takeRequest(inDialog(1), peer)).toBe(true);
    expect(uac().takeRequest(inDialog(2_147_483_647), peer)).toBe(true);
  });

  test("an ACK is never out of order", () => {
    const dialog = uas();
    dialog.takeRequest(inDialog(9), peer);
    expect([dialog.takeRequest(inDialog(7, "ACK"), peer), dialog.takeRequest(inDialog(10), peer)]).toEqual([
      true,
      true,
    ]);
  });
});

test("requests go to where the far side's last message came from", () => {
  const dialog = uas();
  const moved: Remote = { transport: "udp", address: "198.51.100.1", port: 40_000 };
  dialog.takeRequest(inDialog(8), moved);
  expect(dialog.peer).toEqual(moved);
});

test("a request out of order moves nothing", () => {
  const dialog = uas();
  dialog.takeRequest(inDialog(3), { ...peer, address: "198.51.100.66" });
  expect(dialog.peer).toEqual(peer);
});
