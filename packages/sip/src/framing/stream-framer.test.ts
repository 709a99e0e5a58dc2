import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { invalidMessages } from "../message/torture/invalid-messages.ts";
import { meaningMessages } from "../message/torture/meaning-messages.ts";
import { validMessages } from "../message/torture/valid-messages.ts";
import { createStreamFramer, type StreamFrame } from "./stream-framer.ts";

const message = (body: string, name = "Content-Length"): string =>
  `OPTIONS sip:pbx.test SIP/2.0\r\nVia: SIP/2.0/TCP a.test;branch=z9hG4bK1\r\n${name}: ${body.length}\r\n\r\n${body}`;

function framesOf(...chunks: readonly string[]): readonly string[] {
  const feed = createStreamFramer();
  return chunks.flatMap((chunk) => feed(Buffer.from(chunk, "latin1"))).map(told);
}

function told(frame: StreamFrame): string {
  if (frame.kind === "message") return Buffer.from(frame.bytes).toString("latin1");
  return frame.kind === "error" ? `error ${frame.reason}` : frame.kind;
}

describe("messages in a stream (RFC 3261 §18.3)", () => {
  test("are cut by Content-Length, in its long and its short form", () => {
    expect(framesOf(message("one") + message("two", "l") + message("", "CONTENT-LENGTH "))).toEqual([
      message("one"),
      message("two", "l"),
      message("", "CONTENT-LENGTH "),
    ]);
  });

  test("a body that looks like a head stays a body", () => {
    const body = "Content-Length: 5\r\n\r\n";
    expect(framesOf(message(body) + message(""))).toEqual([message(body), message("")]);
  });

  test("two CRLF are a ping, one is a pong (RFC 5626 §3.5.1)", () => {
    expect(framesOf("\r\n\r\n", `\r\n${message("")}`, `\r\n\r\n${message("x")}`)).toEqual([
      "ping",
      "pong",
      message(""),
      "ping",
      message("x"),
    ]);
  });

  test.each([
    ["without Content-Length", "OPTIONS sip:a.test SIP/2.0\r\n\r\n", "no_content_length"],
    ["with a negative one", "OPTIONS sip:a.test SIP/2.0\r\nContent-Length: -1\r\n\r\n", "no_content_length"],
    [
      "with two different ones",
      "OPTIONS sip:a.test SIP/2.0\r\nContent-Length: 1\r\nl: 2\r\n\r\n",
      "two_content_lengths",
    ],
    ["longer than allowed", "OPTIONS sip:a.test SIP/2.0\r\nContent-Length: 65535\r\n\r\n", "too_large"],
    ["whose head does not end", `OPTIONS sip:a.test SIP/2.0\r\nSubject: ${"x".repeat(65_535)}`, "too_large"],
  ])("a message %s ends the reading of the stream", (_, text, reason) => {
    expect(framesOf(message("before") + text, message("after"))).toEqual([message("before"), `error ${reason}`]);
  });

  test("the same Content-Length twice does no harm", () => {
    const text = "OPTIONS sip:a.test SIP/2.0\r\nContent-Length: 2\r\nl: 2\r\n\r\nab";
    expect(framesOf(text)).toEqual([text]);
  });

  test.each([...validMessages, ...meaningMessages].filter(({ name }) => hasLength(name)))(
    "$name of RFC 4475 comes out as it went in",
    ({ bytes, name }) => {
      const [first] = createStreamFramer()(bytes);
      expect(first?.kind === "message" && bytes.length - first.bytes.length).toBe(trailing[name] ?? 0);
    },
  );

  test.each([
    ["clerr", []],
    ["ncl", ["error no_content_length"]],
    ["mcl01", ["error two_content_lengths"]],
    ["inv2543", ["error no_content_length"]],
  ])("%s of RFC 4475 cannot be cut out of a stream", (wanted, expected) => {
    const found = [...invalidMessages, ...meaningMessages].find(({ name }) => name === wanted);
    expect(createStreamFramer()(found?.bytes ?? new Uint8Array()).map(told)).toEqual(expected);
  });

  test("any chunking gives the same frames", () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 40 }).map((body) => message(Buffer.from(body).toString("latin1"))),
      fc.constantFrom(...validMessages.filter(({ name }) => name !== "dblreq")).map(({ bytes }) => latin1(bytes)),
      fc.constantFrom("\r\n\r\n", "OPTIONS sip:a.test SIP/2.0\r\n\r\n", "\n"),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 8 }),
        fc.array(fc.nat({ max: 400 }), { maxLength: 30 }),
        (all, sizes) => {
          // The end tells a ping from two pongs: a stream that goes on is read the same in one piece and in many.
          const stream = `${all.join("")}${message("end")}`;
          const chunks: string[] = [];
          let at = 0;
          for (const size of sizes) {
            chunks.push(stream.slice(at, at + size));
            at += size;
          }
          expect(framesOf(...chunks, stream.slice(at))).toEqual(framesOf(stream));
        },
      ),
    );
  });

  test("garbage never throws, and an error is the last frame", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 10 }), (chunks) => {
        const feed = createStreamFramer({ maxMessageSize: 300 });
        const kinds = chunks.flatMap((chunk) => feed(chunk)).map(({ kind }) => kind);
        expect(kinds.slice(0, -1)).not.toContain("error");
      }),
    );
  });
});

/** Bytes behind the first message. */
const trailing: Readonly<Record<string, number>> = { dblreq: dblreqRest() };

function dblreqRest(): number {
  const all = validMessages.find(({ name }) => name === "dblreq")?.bytes ?? new Uint8Array();
  return all.length - latin1(all).indexOf("\r\n\r\n") - 4;
}

function hasLength(name: string): boolean {
  return !["mcl01", "inv2543"].includes(name);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}
