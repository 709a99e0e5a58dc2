import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyMessage } from "./arbitraries.ts";
import { createHeaders } from "./headers.ts";
import type { SipMessage } from "./message.ts";
import { type ParseOptions, parseMessage } from "./parser.ts";
import { printMessage } from "./printer.ts";
import { validMessages } from "./torture/valid-messages.ts";

const head = `OPTIONS sip:200@pbx.test SIP/2.0
Via: SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK1
From: "Anna" <sip:100@pbx.test>;tag=1
To: <sip:200@pbx.test>
Call-ID: c1
CSeq: 1 OPTIONS
`;

const parse = (text: string, options?: ParseOptions) =>
  parseMessage(new TextEncoder().encode(text.replaceAll("\n", "\r\n")), options);

function read(text: string): SipMessage {
  const result = parse(text);
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.message;
}

function codeOf(text: string, options?: ParseOptions): string {
  const result = parse(text, options);
  return result.ok ? "ok" : result.error.code;
}

describe("one message (RFC 3261 §7)", () => {
  test("every compact form is its long name", () => {
    const text = `${head}k: timer
m: <sip:a@b.test>
c: text/plain
e: gzip
s: hello
o: hold
r: <sip:c@b.test>
b: <sip:d@b.test>
x: 90
u: talk
l: 0

`;
    expect([...read(text).headers].slice(5).map(({ name }) => name)).toEqual([
      "Supported",
      "Contact",
      "Content-Type",
      "Content-Encoding",
      "Subject",
      "Event",
      "Refer-To",
      "Referred-By",
      "Session-Expires",
      "Allow-Events",
      "Content-Length",
    ]);
  });

  test("values on several lines and values behind commas are one list", () => {
    const { headers } = read(`${head}Contact: "a, b" <sip:a@b.test;x=1>, <sip:c@b.test>
Contact: <sip:d,e@b.test>

`);
    expect(headers.getAll("contact")).toHaveLength(2);
    expect(headers.list("m")).toEqual(['"a, b" <sip:a@b.test;x=1>', "<sip:c@b.test>", "<sip:d,e@b.test>"]);
  });

  test("line ends of a lone LF and empty lines before the message are read as well", () => {
    const result = parseMessage(new TextEncoder().encode(`\r\n\r\n${head}Content-Length: 2\n\nab`));
    expect(result).toMatchObject({ ok: true, message: { callId: "c1", body: Uint8Array.of(97, 98) } });
  });

  test("a lower-case version of the protocol is read, a lower-case method is a method of its own", () => {
    expect(codeOf(head.replace("SIP/2.0\n", "sip/2.0\n"))).toBe("ok");
    expect(codeOf(head.replace("OPTIONS sip", "options sip"))).toBe("method_mismatch");
  });

  test.each([
    ["nothing", "", "empty"],
    ["nothing but empty lines", "\n\n", "empty"],
    ["another protocol", "GET / HTTP/1.1\nHost: a\n\n", "malformed_start_line"],
    ["a line without a colon", `${head}nonsense\n\n`, "malformed_header"],
    ["a name with a space", `${head}Bad Name: x\n\n`, "malformed_header"],
    ["no Via", head.replace(/Via.*\n/, ""), "missing_header"],
    ["no From", head.replace(/From.*\n/, ""), "missing_header"],
    ["an empty Call-ID", head.replace("Call-ID: c1", "Call-ID:"), "missing_header"],
    ["no CSeq", head.replace(/CSeq.*\n/, ""), "missing_header"],
    ["a CSeq of 2^31", head.replace("CSeq: 1", "CSeq: 2147483648"), "malformed_header"],
    ["two From", `${head}From: <sip:b@pbx.test>;tag=2\n\n`, "duplicate_header"],
    ["an unreadable Via further down", `${head}Via: nonsense\n\n`, "malformed_header"],
    ["a host that is none", head.replace("sip:200@pbx.test SIP", "sip:200@[pbx SIP"), "malformed_uri"],
    ["a status of 99", head.replace(/^.*\n/, "SIP/2.0 099 Early\n"), "malformed_start_line"],
    ["a status of 700", head.replace(/^.*\n/, "SIP/2.0 700 Late\n"), "malformed_start_line"],
    ["SIP/3.0", head.replace("SIP/2.0\n", "SIP/3.0\n"), "unsupported_version"],
  ])("%s is refused", (_, text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  test("limits of size and of header fields are kept", () => {
    expect(codeOf(`${head}\n`, { maxSize: 100 })).toBe("too_large");
    expect(codeOf(`${head}${"X: y\n".repeat(300)}\n`)).toBe("too_many_headers");
  });

  test("whatever was printed is read as the same message", () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const result = parseMessage(printMessage(message));
        if (!result.ok) throw new Error(result.error.message);
        const { headers, ...parts } = result.message;
        const { headers: wanted, ...wantedParts } = message;
        expect(parts).toEqual(wantedParts);
        expect([...headers]).toEqual([...wanted, { name: "Content-Length", value: String(message.body.length) }]);
      }),
    );
  });

  test("printing what was read, and reading that, changes nothing any more", () => {
    const mutated = fc
      .tuple(fc.constantFrom(...validMessages), fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 6 }))
      .map(([{ bytes }, changes]) => {
        const copy = Uint8Array.from(bytes);
        for (const [at, byte] of changes) copy[at % copy.length] = byte;
        return copy;
      });
    fc.assert(
      fc.property(mutated, (bytes) => {
        const first = parseMessage(bytes);
        if (!first.ok) return;
        const printed = printMessage(first.message);
        const second = parseMessage(printed);
        if (!second.ok) throw new Error(`${second.error.code} ${second.error.message}`);
        expect(printMessage(second.message)).toEqual(printed);
      }),
      { numRuns: 2000 },
    );
  });

  test("no bytes make it throw", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => typeof parseMessage(bytes).ok === "boolean"));
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...head.split(/(?<=[ :;<>"=@\n])/), '"', "\\", "\r"), { maxLength: 60 }),
        (parts) => {
          expect(typeof parseMessage(Buffer.from(parts.join(""))).ok).toBe("boolean");
        },
      ),
    );
  });

  test("a line end in a value cannot begin a header field", () => {
    const message = read(`${head}\n`);
    const headers = createHeaders([...message.headers, { name: "Subject", value: "a\r\nEvil: yes\n\nb" }]);
    const again = parseMessage(printMessage({ ...message, headers }));
    expect(again.ok && again.message.headers.get("Evil")).toBeUndefined();
    expect(again.ok && again.message.headers.get("Subject")).toBe("a Evil: yes b");
  });
});
