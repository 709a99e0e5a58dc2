import { describe, expect, test } from "vitest";
import type { SipMessage, SipRequest } from "./message.ts";
import { parseNameAddrList } from "./name-addr.ts";
import { parseMessage, type SipParseErrorCode } from "./parser.ts";
import { printMessage } from "./printer.ts";
import { invalidMessages } from "./torture/invalid-messages.ts";
import { meaningMessages } from "./torture/meaning-messages.ts";
import type { TortureMessage } from "./torture/torture-message.ts";
import { validMessages } from "./torture/valid-messages.ts";

const messages: readonly TortureMessage[] = [...validMessages, ...invalidMessages, ...meaningMessages];

/** What has to be seen in a message that is accepted. */
const accepted: Readonly<Record<string, (message: SipMessage) => void>> = {
  wsinv: (message) => {
    expect(message.cseq).toEqual({ number: 9, method: "INVITE" });
    expect(message.to.params.get("tag")).toBe("1918181833n");
    expect(message.from).toMatchObject({ displayName: String.raw`J Rosenberg \"`, uri: { user: "jdrosen" } });
    expect(message.from.params.get("tag")).toBe("98asjd8");
    expect(message.via.map(({ transport, host, branch }) => [transport, host, branch])).toEqual([
      ["UDP", "192.0.2.2", "390skdjuw"],
      ["TCP", "spindle.example.com", "z9hG4bK9ikj8"],
      ["UDP", "192.168.255.111", "z9hG4bK30239"],
    ]);
    expect(message.headers.get("Max-Forwards")).toBe("0068");
    expect(message.headers.get("Subject")).toBe("");
    expect(message.headers.get("NewFangledHeader")).toBe("newfangled value continued newfangled value");
    const [contact] = parseNameAddrList(message.headers.getAll("Contact")) ?? [];
    expect(contact?.displayName).toBe('Quoted string ""');
    expect([...(contact?.params ?? [])]).toEqual([
      ["newparam", "newvalue"],
      ["secondparam", true],
      ["q", "0.33"],
    ]);
    expect(message.body).toHaveLength(150);
  },
  intmeth: (message) => {
    expect(asRequest(message).method).toBe("!interesting-Method0123456789_*+`.%indeed'~");
    expect(asRequest(message).uri).toMatchObject({
      user: "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*",
      password: "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)",
      host: "example.com",
    });
    expect(message.to.displayName).toBe("BEL:\u0007 NUL:\u0000 DEL:\u007F");
    expect(message.from.displayName).toBe("token1~` token2'+_ token3*%!.-");
    expect(message.from.params.get("fromparam''~+*_!.-%")).toBe("работающий");
    expect(message.headers.get("extensionHeader-!.%*+_`'~")).toBe("大停電");
    expect(message.callId).toBe(String.raw`intmeth.word%ZK-!.*_+'@word${"`"}~)(><:\/"][?}{`);
  },
  esc01: (message) => {
    expect(asRequest(message).uri).toMatchObject({ scheme: "sip", user: "sips:user@example.com", host: "example.net" });
    expect(message.to.uri).toMatchObject({ user: "user" });
    expect(message.from.uri).toMatchObject({ user: "I have spaces" });
    const [contact] = parseNameAddrList(message.headers.getAll("Contact")) ?? [];
    expect(contact?.uri).toMatchObject({
      user: "caller",
      params: new Map<string, string | true>([
        ["lr", true],
        ["name", "value%41"],
      ]),
    });
  },
  escnull: (message) => {
    expect(message.to.uri).toMatchObject({ user: "null-\u0000-null" });
    const users = parseNameAddrList(message.headers.getAll("Contact"))?.map(({ uri }) => "user" in uri && uri.user);
    expect(users).toEqual(["\u0000", "\u0000\u0000"]);
  },
  esc02: (message) => {
    expect(asRequest(message).method).toBe("RE%47IST%45R");
    expect(message.to.displayName).toBe("%Z%45");
    expect(message.headers.getAll("Contact")).toHaveLength(2);
  },
  lwsdisp: (message) => expect(message.from).toMatchObject({ displayName: "caller", uri: { user: "caller" } }),
  longreq: (message) => {
    expect(message.via).toHaveLength(34);
    expect(message.via.at(-1)?.branch).toHaveLength("very".length + 50 * "long".length + "branchvalue".length);
    expect(message.to.displayName).toMatch(/^I have a user name of (extreme){10} proportion$/);
    expect(message.body).toHaveLength(150);
  },
  dblreq: (message) => {
    expect(asRequest(message).method).toBe("REGISTER");
    expect(message.body).toHaveLength(0);
  },
  semiuri: (message) => {
    expect(asRequest(message).uri).toMatchObject({ user: "user;par=u@example.net", host: "example.com" });
    expect(message.headers.list("Accept")).toHaveLength(6);
  },
  transports: (message) =>
    expect(message.via.map(({ transport }) => transport)).toEqual(["UDP", "SCTP", "TLS", "UNKNOWN", "TCP"]),
  mpart01: (message) => {
    expect(message.body).toHaveLength(553);
    expect(message.body.includes(0)).toBe(true);
  },
  unreason: (message) =>
    expect(message).toMatchObject({ status: 200, reason: "= 2**3 * 5**2 но сто девяносто девять - простое" }),
  noreason: (message) => expect(message).toMatchObject({ status: 100, reason: "" }),
  // Nobody here reads Date.
  baddate: (message) => expect(message.headers.get("Date")).toBe("Fri, 01 Jan 2010 16:00:00 EST"),
  regbadct: (message) => expect(parseNameAddrList(message.headers.getAll("Contact"))).toBeUndefined(),
  badaspec: (message) => expect(message.to.uri).toMatchObject({ user: "t.watson", host: "example.org" }),
  baddn: (message) => expect(message.from).toMatchObject({ displayName: "Bell, Alexander", uri: { user: "a.g.bell" } }),
  badbranch: (message) => expect(message.via[0]?.branch).toBe("z9hG4bK"),
  unkscm: (message) =>
    expect(asRequest(message).uri).toEqual({ scheme: "other", text: "nobodyKnowsThisScheme:totallyopaquecontent" }),
  novelsc: (message) =>
    expect(asRequest(message).uri).toEqual({ scheme: "other", text: "soap.beep://192.0.2.103:3002" }),
  unksm2: (message) => expect([message.to.uri.scheme, message.from.uri.scheme]).toEqual(["other", "other"]),
  bext01: (message) =>
    expect(message.headers.list("Require")).toEqual(["nothingSupportsThis", "nothingSupportsThisEither"]),
  invut: (message) => expect(message.body).toHaveLength(40),
  regaut01: (message) => expect(message.headers.get("Authorization")).toBe("NoOneKnowsThisScheme opaque-data=here"),
  bcast: (message) => expect(message.via.map(({ host }) => host)).toEqual(["192.0.2.198", "255.255.255.255"]),
  zeromf: (message) => expect(message.headers.get("Max-Forwards")).toBe("0"),
  cparam01: (message) => {
    const [contact] = parseNameAddrList(message.headers.getAll("Contact")) ?? [];
    expect(contact?.params).toEqual(new Map([["unknownparam", true]]));
    expect(contact?.uri).toMatchObject({ user: "+19725552222", params: new Map() });
  },
  cparam02: (message) => {
    const [contact] = parseNameAddrList(message.headers.getAll("Contact")) ?? [];
    expect(contact?.params).toEqual(new Map());
    expect(contact?.uri).toMatchObject({ user: "+19725552222", params: new Map([["unknownparam", true]]) });
  },
  regescrt: (message) => {
    const [contact] = parseNameAddrList(message.headers.getAll("Contact")) ?? [];
    expect(contact?.uri).toMatchObject({ headers: new Map([["Route", "<sip:sip.example.com>"]]) });
  },
  sdp01: (message) => expect(message.headers.get("Accept")).toBe("text/nobodyKnowsThis"),
  inv2543: (message) => {
    expect(message.via[0]?.branch).toBeUndefined();
    expect(message.from.params.size).toBe(0);
    expect(message.to.params.get("user")).toBe("phone");
    expect(new TextDecoder().decode(message.body)).toMatch(/^v=0\r\n.*audio 49217 RTP\/AVP 0\r\n$/s);
  },
};

/** Why the others are refused, and what a request of them is answered; a response is dropped. */
const refused: Readonly<Record<string, readonly [SipParseErrorCode, 400 | 505 | "no answer"]>> = {
  badinv01: ["malformed_header", 400],
  clerr: ["body_too_short", 400],
  ncl: ["malformed_header", 400],
  scalar02: ["malformed_header", 400],
  scalarlg: ["malformed_header", "no answer"],
  quotbal: ["malformed_header", 400],
  ltgtruri: ["malformed_uri", 400],
  lwsruri: ["malformed_start_line", 400],
  lwsstart: ["malformed_start_line", 400],
  trws: ["malformed_start_line", 400],
  escruri: ["malformed_uri", 400],
  badvers: ["unsupported_version", 505],
  mismatch01: ["method_mismatch", 400],
  mismatch02: ["method_mismatch", 400],
  bigcode: ["malformed_start_line", "no answer"],
  insuf: ["missing_header", 400],
  multi01: ["duplicate_header", 400],
  mcl01: ["duplicate_header", 400],
};

describe("the messages of RFC 4475", () => {
  test("all 49 are here, each with one verdict", () => {
    expect(messages).toHaveLength(49);
    expect([...Object.keys(accepted), ...Object.keys(refused)].toSorted()).toEqual(
      messages.map(({ name }) => name).toSorted(),
    );
  });

  test.each(messages.filter(({ name }) => name in accepted))("$section $name is read: $about", ({ name, bytes }) => {
    const message = parsed(bytes);
    accepted[name]?.(message);
    const printed = printMessage(message);
    expect(printMessage(parsed(printed))).toEqual(printed);
  });

  test.each(messages.filter(({ name }) => name in refused))("$section $name is refused: $about", ({ name, bytes }) => {
    const [code, answer] = refused[name] ?? [];
    const result = parseMessage(bytes);
    expect(result).toMatchObject({ ok: false, error: { code } });
    expect(result.ok || (result.error.respondable?.status ?? "no answer")).toBe(answer);
  });
});

function parsed(bytes: Uint8Array): SipMessage {
  const result = parseMessage(bytes);
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.message;
}

function asRequest(message: SipMessage): SipRequest {
  if (message.kind !== "request") throw new Error("a response");
  return message;
}
