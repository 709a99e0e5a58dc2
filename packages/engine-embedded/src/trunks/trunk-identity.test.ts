import { parseMessage, type Remote, type SipRequest } from "@pbx-x/sip";
import { brandId, type TrunkConfiguration, type TrunkId } from "@pbx-x/telephony";
import { describe, expect, it } from "vitest";
import {
  allowedAddresses,
  callerOf,
  dialledOf,
  isPlaceOf,
  lineOf,
  senderOf,
  type TrunkSource,
} from "./trunk-identity.ts";

function source(id: string, changes: Partial<TrunkConfiguration> = {}): TrunkSource {
  const configuration: TrunkConfiguration = {
    trunkId: brandId<TrunkId>(id),
    name: id,
    isEnabled: true,
    trunkType: "register",
    host: "192.0.2.1",
    transport: "udp",
    username: `${id}-account`,
    password: "secret",
    allowedIps: [],
    ...changes,
  };
  return {
    configuration,
    places: [{ address: configuration.host, port: 5060 }],
    allowed: allowedAddresses(configuration.allowedIps),
    line: lineOf(configuration),
  };
}

function invite(
  uri: string,
  headers: readonly string[] = [],
  from = "<sip:+4940777@carrier.example>;tag=1",
): SipRequest {
  const lines = [
    `INVITE ${uri} SIP/2.0`,
    "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1",
    `From: ${from}`,
    "To: <sip:+4930555@carrier.example>",
    "Call-ID: 1",
    "CSeq: 1 INVITE",
    ...headers,
    "Content-Length: 0",
  ];
  const parsed = parseMessage(new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`));
  if (!parsed.ok || parsed.message.kind !== "request") throw new Error("the test's own message is wrong");
  return parsed.message;
}

const from = (address: string, port = 5060): Remote => ({ transport: "udp", address, port });
const nobody = (): boolean => false;
const idOf = (found: TrunkSource | undefined): string | undefined => found?.configuration.trunkId;

describe("[O1] whose call it is", () => {
  const [one, two] = [source("one"), source("two")];
  const net = source("net", {
    trunkType: "ip_auth",
    host: "192.0.2.9",
    allowedIps: ["198.51.100.0/24", "2001:db8::/32"],
  });
  const all = [one, two, net];

  it.each([
    ["the place of the trunk", "sip:+4930555@pbx", "192.0.2.1", 5060, "one"],
    ["the trunk's address, another port", "sip:+4930555@pbx", "192.0.2.1", 49_152, "one"],
    ["of two accounts of one carrier, the one that is called", "sip:two-account@pbx", "192.0.2.1", 5060, "two"],
    ["a network that is allowed", "sip:+4930555@pbx", "198.51.100.77", 5099, "net"],
    ["a network of IPv6", "sip:+4930555@pbx", "2001:db8::77", 5060, "net"],
    ["a stranger", "sip:+4930555@pbx", "203.0.113.1", 5060, undefined],
    ["a stranger who guesses the account", "sip:one-account@pbx", "203.0.113.1", 5060, undefined],
    [
      "the Contact that we registered, from anywhere",
      `sip:two-account@pbx;line=${two.line}`,
      "203.0.113.1",
      5060,
      "two",
    ],
    ["a wrong line", "sip:two-account@pbx;line=0123456789abcdef", "203.0.113.1", 5060, undefined],
  ])("%s", (_, uri, address, port, expected) => {
    expect(idOf(senderOf(all, invite(uri), from(address, port), nobody))).toBe(expected);
  });

  it("a phone that shares the address is no trunk, and asked only where it could be one", () => {
    const asked: boolean[] = [];
    const isPhone = (isExactPlace: boolean): boolean => asked.push(isExactPlace) > 0;
    expect(senderOf(all, invite("sip:201@pbx"), from("192.0.2.1", 40_000), isPhone)).toBeUndefined();
    expect(senderOf(all, invite("sip:201@pbx"), from("192.0.2.1"), isPhone)).toBeUndefined();
    expect(senderOf(all, invite("sip:201@pbx"), from("203.0.113.1"), isPhone)).toBeUndefined();
    expect(asked).toEqual([false, true]);
  });

  it("the guard knows the exact place of a name, any port of a configured network", () => {
    expect([isPlaceOf(one, "192.0.2.1", 5060), isPlaceOf(one, "192.0.2.1", 5061)]).toEqual([true, false]);
    expect(isPlaceOf(net, "198.51.100.1", 1)).toBe(true);
  });

  it("a line cannot be made without the password, and is the same after a restart", () => {
    expect(lineOf(one.configuration)).toBe(source("one").line);
    expect(lineOf({ ...one.configuration, password: "other" })).not.toBe(one.line);
    expect(one.line).not.toBe(two.line);
  });

  it("addresses that cannot be read allow nobody", () => {
    const list = allowedAddresses(["nonsense", "192.0.2.1/64", "192.0.2.1/x", "192.0.2.7/32"]);
    expect(["192.0.2.1", "192.0.2.7"].map((address) => list.check(address, "ipv4"))).toEqual([false, true]);
  });
});

describe("[C11] [O2] whom it is for", () => {
  const { configuration } = source("one");
  it.each([
    ["the Request-URI", "sip:+4930555200@pbx", [], "+4930555200"],
    ["without parameters of the number", "sip:+4930555200;isub=1@pbx", [], "+4930555200"],
    ["a tel URI", "tel:+49-30-555200", [], "+4930555200"],
    ["our own Contact: To", "sip:one-account@pbx", [], "+4930555"],
    [
      "our own Contact: P-Called-Party-ID",
      "sip:one-account@pbx",
      ["P-Called-Party-ID: <sip:+4930555201@x>"],
      "+4930555201",
    ],
  ])("%s", (_, uri, headers, expected) => {
    expect(dialledOf(invite(uri, headers), configuration)).toBe(expected);
  });
});

describe("[C11] [O2] who calls", () => {
  const pai = 'P-Asserted-Identity: "Max" <sip:+4940888@carrier.example>, <tel:+4940888>';
  it.each([
    ["P-Asserted-Identity before From", [pai], undefined, { number: "+4940888", name: "Max" }],
    ["From", [], '"Erika" <sip:+4940777@x>;tag=1', { number: "+4940777", name: "Erika" }],
    [
      "a tel URI beside an address without number",
      ["P-Asserted-Identity: <sip:max@x>", "P-Asserted-Identity: <tel:+49401>"],
      undefined,
      { number: "+49401" },
    ],
    ["private", [pai, "Privacy: id"], undefined, { number: "anonymous", isPrivate: true }],
    ["private among other wishes", [pai, "Privacy: critical;ID"], undefined, { number: "anonymous", isPrivate: true }],
    ["Privacy: none", [pai, "Privacy: none"], undefined, { number: "+4940888", name: "Max" }],
    [
      "an anonymous From",
      [],
      '"Anonymous" <sip:anonymous@anonymous.invalid>;tag=1',
      { number: "anonymous", isPrivate: true },
    ],
    ["a From without user", [], "<sip:carrier.example>;tag=1", { number: "anonymous", isPrivate: true }],
    [
      "an anonymous From that the network knows",
      [pai],
      "<sip:anonymous@anonymous.invalid>;tag=1",
      { number: "+4940888", name: "Max" },
    ],
  ] as const)("%s", (_, headers, sender, expected) => {
    expect(callerOf(invite("sip:1@pbx", headers, sender))).toEqual(expected);
  });
});
