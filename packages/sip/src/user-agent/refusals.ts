import type { HeaderField, Headers } from "../message/headers.ts";
import type { SipRequest } from "../message/message.ts";
import { parseNameAddr, printNameAddr, tagOf, withTag } from "../message/name-addr.ts";
import { oneLine } from "../message/printer.ts";
import { reasonPhrase } from "../message/reasons.ts";
import { splitList } from "../message/text.ts";
import { parseVia, printVia } from "../message/via.ts";
import type { Remote } from "../transport/transport.ts";
import { viaWithSource } from "./note-source.ts";

/** Methods that are answered at all; others get 405. */
export const allowedMethods = [
  "INVITE",
  "ACK",
  "CANCEL",
  "BYE",
  "OPTIONS",
  "REGISTER",
  "INFO",
  "NOTIFY",
  "UPDATE",
  "PRACK",
  "REFER",
  "SUBSCRIBE",
  "MESSAGE",
];

/** Option tags that a request may require; others get 420. */
export const supportedOptions = ["100rel", "path", "replaces", "timer"];

/** What every user agent refuses, in the order of RFC 3261 §8.2: method, Request-URI, extensions. */
export function refusalOf(
  request: SipRequest,
): { readonly status: number; readonly headers: readonly HeaderField[] } | undefined {
  if (!allowedMethods.includes(request.method)) {
    return { status: 405, headers: [{ name: "Allow", value: allowedMethods.join(", ") }] };
  }
  if (request.uri.scheme === "other") return { status: 416, headers: [] };
  const unknown = request.headers.list("Require").filter((name) => !supportedOptions.includes(name.toLowerCase()));
  if (unknown.length > 0) return { status: 420, headers: [{ name: "Unsupported", value: unknown.join(", ") }] };
  return undefined;
}

/**
 * The answer to a request that could not be read as a whole, from what could be read of it: all Via, the first of From,
 * To, Call-ID and CSeq.
 */
export function printRefusal(status: number, headers: Headers, remote: Remote, tag: string): Uint8Array {
  const lines = [
    ...answeredVias(headers, remote).map((value) => `Via: ${value}`),
    ...line("From", headers.get("From")),
    ...line("To", headers.get("To"), (value) => taggedTo(value, tag)),
    ...["Call-ID", "CSeq"].flatMap((name) => line(name, headers.get(name))),
  ];
  const head = `SIP/2.0 ${status} ${reasonPhrase(status)}`;
  return new TextEncoder().encode(`${[head, ...lines, "Content-Length: 0"].join("\r\n")}\r\n\r\n`);
}

function line(name: string, value: string | undefined, change = (text: string) => text): readonly string[] {
  return value === undefined ? [] : [`${name}: ${oneLine(change(value))}`];
}

function answeredVias(headers: Headers, remote: Remote): readonly string[] {
  const values = headers.getAll("Via").map(oneLine);
  const [first = "", ...others] = values.flatMap((value) => splitList(value));
  const top = parseVia(first);
  return top === undefined ? values : [printVia(viaWithSource(top, remote)), ...others];
}

function taggedTo(value: string, tag: string): string {
  const to = parseNameAddr(value);
  return to === undefined || tagOf(to) !== undefined ? value : printNameAddr(withTag(to, tag));
}
