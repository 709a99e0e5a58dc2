import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyNameAddr, anyText, anyVia } from "./arbitraries.ts";
import { parseNameAddr, parseNameAddrList, printNameAddr, tagOf, withTag } from "./name-addr.ts";
import { quote, splitList, unquote } from "./text.ts";
import { parseVia, printVia } from "./via.ts";

describe("addresses with a name (RFC 3261 §20.10)", () => {
  test.each([
    ["sip:200@pbx.test;tag=1", undefined, "1"],
    ["<sip:200@pbx.test;tag=no>;tag=1", undefined, "1"],
    ['"Anna \\"A\\" Müller" <sip:200@pbx.test> ; tag = 1', 'Anna "A" Müller', "1"],
    ["Anna Müller <sip:200@pbx.test>", "Anna Müller", undefined],
    ['"<sip:evil@pbx.test>" <sip:200@pbx.test>;tag=1', "<sip:evil@pbx.test>", "1"],
    ['"" <sip:200@pbx.test>;tag', undefined, undefined],
    ["<sip:200@pbx.test>;;;tag=1;", undefined, "1"],
  ])("%s", (text, displayName, tag) => {
    const address = parseNameAddr(text);
    expect(address?.uri).toMatchObject({ user: "200" });
    expect(address?.displayName).toBe(displayName);
    expect(address && tagOf(address)).toBe(tag);
  });

  test.each([
    "",
    "Anna",
    '"Anna <sip:200@pbx.test>',
    "<sip:200@pbx.test",
    "<sip:200@pbx.test> x",
    "<>",
    "sip:200@pbx.test?a=b",
    "sip:1,2@pbx.test",
    "<sip:200@pbx.test>;ta g=1",
    'Anna "A" B" <sip:200@pbx.test>;"x"=1',
  ])("'%s' is none", (text) => {
    expect(parseNameAddr(text)).toBeUndefined();
  });

  test("what was printed is read as the same address", () => {
    fc.assert(
      fc.property(anyNameAddr, (address) => {
        expect(parseNameAddr(printNameAddr(address))).toEqual(address);
      }),
    );
  });

  test("a list is split outside of quotes and brackets, and refused as a whole", () => {
    const values = ['"a, b" <sip:1@x.test>, <sip:2,3@x.test>', "<sip:4@x.test>"];
    expect(parseNameAddrList(values)?.map(({ uri }) => "user" in uri && uri.user)).toEqual(["1", "2,3", "4"]);
    expect(parseNameAddrList([...values, "nonsense"])).toBeUndefined();
  });

  test("a new tag takes the place of an old one", () => {
    const address = parseNameAddr("<sip:a@b.test>;tag=1;x=y");
    expect(address && printNameAddr(withTag(address, "2"))).toBe("<sip:a@b.test>;tag=2;x=y");
  });

  test("a list of printed addresses has as many members as it was made of", () => {
    fc.assert(
      fc.property(fc.array(anyNameAddr, { maxLength: 4 }), (addresses) => {
        expect(splitList(addresses.map(printNameAddr).join(", "))).toEqual(addresses.map(printNameAddr));
      }),
    );
  });

  test("quoting and unquoting give the text back", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(unquote(quote(text))).toBe(text);
      }),
    );
  });
});

describe("Via (RFC 3261 §20.42)", () => {
  test("what was printed is read as the same Via", () => {
    fc.assert(
      fc.property(anyVia, (via) => {
        expect(parseVia(printVia(via))).toEqual(via);
      }),
    );
  });

  test.each([
    "",
    "SIP/2.0/UDP",
    "SIP/2.0 a.test",
    "SIP/1.0/UDP a.test",
    "SIP/2.0/UDP a.test:99999",
    "HTTP/2.0/UDP a.test",
  ])("'%s' is none", (text) => {
    expect(parseVia(text)).toBeUndefined();
  });
});
