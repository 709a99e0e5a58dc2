import { describe, expect, test } from "vitest";
import { createHeaders } from "../message/headers.ts";
import { answerSessionTimer, raiseSessionExpires, sessionTimerDelayMs, sessionTimerOfAnswer } from "./session-timer.ts";

const headersOf = (fields: Readonly<Record<string, string>>) =>
  createHeaders(Object.entries(fields).map(([name, value]) => ({ name, value })));
const asked = (value: string) => answerSessionTimer(headersOf({ "Session-Expires": value }));

describe("a request that asks for a timer (RFC 4028 §9)", () => {
  test("who asks refreshes, unless it says otherwise", () => {
    expect(asked("1800")).toEqual({
      kind: "accepted",
      timer: { intervalSeconds: 1800, refresher: "them" },
      header: "1800;refresher=uac",
    });
    expect(asked("1800;refresher=uac")).toMatchObject({ timer: { refresher: "them" } });
    expect(asked("1800 ; refresher=uas")).toEqual({
      kind: "accepted",
      timer: { intervalSeconds: 1800, refresher: "us" },
      header: "1800;refresher=uas",
    });
  });

  test("the compact form x is the same", () => {
    expect(answerSessionTimer(headersOf({ x: "90" }))).toMatchObject({ kind: "accepted" });
  });

  test("less than the least is refused with it: 89 s is, 90 s is not", () => {
    expect(asked("89")).toEqual({ kind: "too_small", minSeconds: 90 });
    expect(asked("90")).toMatchObject({ kind: "accepted" });
    expect(answerSessionTimer(headersOf({ "Session-Expires": "100" }), { minSeconds: 120 })).toEqual({
      kind: "too_small",
      minSeconds: 120,
    });
  });

  test.each(["", "abc", "0", "-90", "1e3", "90.5"])("'%s' is no timer", (value) => {
    expect(asked(value)).toEqual({ kind: "none" });
  });

  test("without the header there is no timer", () => {
    expect(answerSessionTimer(createHeaders())).toEqual({ kind: "none" });
  });
});

describe("an answer to our request (§7.2)", () => {
  test.each([
    ["1800;refresher=uac", "us"],
    ["1800;refresher=uas", "them"],
    ["1800", "us"],
  ])("'%s' leaves the refreshes to %s", (value, refresher) => {
    expect(sessionTimerOfAnswer(headersOf({ "Session-Expires": value }))).toEqual({ intervalSeconds: 1800, refresher });
  });

  test("without the header the far side wants no timer", () => {
    expect(sessionTimerOfAnswer(createHeaders())).toBeUndefined();
  });
});

describe("another try after 422 (§7.4)", () => {
  const request = headersOf({ "Session-Expires": "90;refresher=uac", Subject: "x" });

  test("takes the far side's least and repeats it", () => {
    const headers = raiseSessionExpires(request, headersOf({ "Min-SE": "600" }));
    expect([headers?.get("Session-Expires"), headers?.get("Min-SE"), headers?.get("Subject")]).toEqual([
      "600;refresher=uac",
      "600",
      "x",
    ]);
  });

  test("never lowers what was asked for", () => {
    const headers = raiseSessionExpires(headersOf({ "Session-Expires": "1800" }), headersOf({ "Min-SE": "600;a=b" }));
    expect([headers?.get("Session-Expires"), headers?.get("Min-SE")]).toEqual(["1800", "600"]);
  });

  test.each([{}, { "Min-SE": "soon" }, { "Min-SE": "0" }])("is not made for %j", (answer) => {
    expect(raiseSessionExpires(request, headersOf(answer))).toBeUndefined();
  });
});

describe("time (§10)", () => {
  test("we refresh at half the interval", () => {
    expect(sessionTimerDelayMs({ intervalSeconds: 1800, refresher: "us" })).toBe(900_000);
  });

  test.each([
    [1800, 1_768_000],
    [96, 64_000],
    [90, 60_000],
  ])("of %i s without a refresh the call ends after %i ms: 32 s, or a third, before", (intervalSeconds, delayMs) => {
    expect(sessionTimerDelayMs({ intervalSeconds, refresher: "them" })).toBe(delayMs);
  });
});
