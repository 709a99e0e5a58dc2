import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyUri } from "./arbitraries.ts";
import { parseHostPort, parseUri, printUri, sipUri, uriEquals } from "./uri.ts";

describe("URIs (RFC 3261 §19.1, RFC 3966)", () => {
  test.each([
    ["sip:200@pbx.test", { scheme: "sip", user: "200", host: "pbx.test" }],
    ["SIPS:200@PBX.Test:5061", { scheme: "sips", user: "200", host: "pbx.test", port: 5061 }],
    ["sip:[2001:DB8::1]:5060", { scheme: "sip", host: "[2001:db8::1]", port: 5060 }],
    ["sip:%23200@pbx.test", { user: "#200" }],
    ["sip:anna:secret@pbx.test", { user: "anna", password: "secret" }],
    [
      "sip:pbx.test;transport=TCP;lr",
      {
        params: new Map<string, string | true>([
          ["transport", "TCP"],
          ["lr", true],
        ]),
      },
    ],
    [
      "sip:a@pbx.test?subject=a%20b&to=%3Csip:x%3E",
      {
        headers: new Map([
          ["subject", "a b"],
          ["to", "<sip:x>"],
        ]),
      },
    ],
    ["tel:+49-(30)-12.34", { scheme: "tel", number: "+49301234" }],
    ["tel:7042;phone-context=pbx.test", { number: "7042", params: new Map([["phone-context", "pbx.test"]]) }],
    ["urn:service:sos", { scheme: "other", text: "urn:service:sos" }],
  ])("%s", (text, expected) => {
    expect(parseUri(text)).toMatchObject(expected);
  });

  test.each([
    "",
    "sip",
    "sip:",
    ":200@pbx.test",
    "sip:@pbx.test",
    "sip:a b@pbx.test",
    "sip:200@",
    "sip:200@pbx.test:65536",
    "sip:200@pbx.test:x",
    "sip:200@pbx.test;a=1;a=2",
    "sip:%zz@pbx.test",
    "sip:%ff@pbx.test",
    "sip:200@[::1",
    "sip:a@pbx.test?",
    "tel:",
    "tel:call-me",
    "tel:+",
    "<sip:200@pbx.test>",
    "ur n:x",
  ])("'%s' is none", (text) => {
    expect(parseUri(text)).toBeUndefined();
  });

  test("what was printed is read as the same URI", () => {
    fc.assert(
      fc.property(anyUri, (uri) => {
        expect(parseUri(printUri(uri))).toEqual(uri);
      }),
    );
  });

  test("any text is a URI or undefined, never an error", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const uri = parseUri(`sip:${text}`);
        if (uri !== undefined) expect(parseUri(printUri(uri))).toEqual(uri);
      }),
    );
  });

  test.each([
    ["sip:%61lice@PBX.test;transport=TCP", "sip:alice@pbx.test;Transport=tcp", true],
    ["sip:alice@pbx.test", "sip:Alice@pbx.test", false],
    ["sip:alice@pbx.test", "sip:alice@pbx.test:5060", false],
    ["sip:alice@pbx.test", "sip:alice@pbx.test;transport=udp", false],
    ["sip:alice@pbx.test", "sip:alice@pbx.test;newparam=5", true],
    ["sip:alice@pbx.test;security=on", "sip:alice@pbx.test;security=off", false],
    ["sip:alice@pbx.test?subject=x", "sip:alice@pbx.test", false],
    ["sip:alice@pbx.test", "sips:alice@pbx.test", false],
    ["tel:+49-30", "tel:+4930", true],
    ["tel:200", "sip:200@pbx.test", false],
    ["urn:a", "urn:a", true],
  ])("%s and %s are equal: %s (§19.1.4)", (one, other, expected) => {
    const [a, b] = [parseUri(one), parseUri(other)];
    expect(a !== undefined && b !== undefined && [uriEquals(a, b), uriEquals(b, a)]).toEqual([expected, expected]);
  });

  test("an IPv6 host gets its brackets", () => {
    expect(printUri(sipUri({ user: "200", host: "2001:DB8::1", port: 5060 }))).toBe("sip:200@[2001:db8::1]:5060");
    expect(parseHostPort("[::1] : 5060")).toEqual({ host: "[::1]", port: 5060 });
  });
});
