import { type HeaderField, type Headers, headersOf } from "./headers.ts";
import type { CSeq, SipMessage } from "./message.ts";
import { parseNameAddr } from "./name-addr.ts";
import { knownName } from "./names.ts";
import { isToken, splitList } from "./text.ts";
import { parseUri } from "./uri.ts";
import { parseVia, type Via } from "./via.ts";

export const sipParseErrorCodes = [
  "empty",
  "too_large",
  "malformed_start_line",
  "unsupported_version",
  "malformed_header",
  "too_many_headers",
  "missing_header",
  "duplicate_header",
  "malformed_uri",
  "body_too_short",
  "method_mismatch",
] as const;
export type SipParseErrorCode = (typeof sipParseErrorCodes)[number];

export interface SipParseError {
  readonly code: SipParseErrorCode;
  /** For logs; says which part, never the whole message. */
  readonly message: string;
  /** Headers for an answer 400 (or 505, 414 …), where a request's own could be read. */
  readonly respondable?: { readonly status: number; readonly headers: Headers };
}

export type ParseResult =
  | { readonly ok: true; readonly message: SipMessage }
  | { readonly ok: false; readonly error: SipParseError };

export interface ParseOptions {
  /** Bytes; default 65,535. */
  readonly maxSize?: number;
  readonly maxHeaders?: number;
}

const singleHeaders: ReadonlySet<string> = new Set(["From", "To", "Call-ID", "CSeq", "Max-Forwards", "Content-Length"]);

/** Parses one whole message (RFC 3261 §7), as a datagram or cut out of a stream. Never throws. */
export function parseMessage(
  bytes: Uint8Array,
  { maxSize = 65_535, maxHeaders = 256 }: ParseOptions = {},
): ParseResult {
  if (bytes.length > maxSize) return fail("too_large", `${bytes.length} bytes`);
  const start = skipEmptyLines(bytes);
  if (start >= bytes.length) return fail("empty", "no message");
  const headEnd = findHeadEnd(bytes, start);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, headEnd.end - start).toString("utf8");
  const lines = unfold(text);
  const fields: HeaderField[] = [];
  let fault: SipParseError | undefined;
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(0, colon)).trimEnd();
    const known = knownName(name);
    if (colon <= 0 || (known === undefined && !isToken(name))) {
      fault ??= errorOf("malformed_header", `line "${line.slice(0, 40)}"`);
    } else fields.push({ name: known ?? name, value: line.slice(colon + 1).trim() });
  }
  if (fields.length > maxHeaders) return fail("too_many_headers", `${fields.length} header fields`);
  const headers = headersOf(fields);
  const result = parseParts(lines[0] ?? "", fields, headers, bytes.subarray(headEnd.bodyStart), fault);
  if (result.ok || /^SIP\//i.test(lines[0] ?? "")) return result;
  return { ok: false, error: { ...result.error, ...respondable(result.error.code, headers) } };
}

function parseParts(
  startLine: string,
  fields: readonly HeaderField[],
  headers: Headers,
  rawBody: Uint8Array,
  fault: SipParseError | undefined,
): ParseResult {
  const start = parseStartLine(startLine);
  if ("code" in start) return { ok: false, error: start };
  if (fault !== undefined) return { ok: false, error: fault };
  const seen = new Set<string>();
  for (const { name } of fields) {
    if (!singleHeaders.has(name)) continue;
    if (seen.has(name)) return fail("duplicate_header", name);
    seen.add(name);
  }
  const via = parseVias(headers);
  if (via === undefined) return fail(headers.has("Via") ? "malformed_header" : "missing_header", "Via");
  const [fromText, toText] = [headers.get("From"), headers.get("To")];
  const [callId, cseqText] = [headers.get("Call-ID"), headers.get("CSeq")];
  if (fromText === undefined || toText === undefined) return fail("missing_header", "From or To");
  if (callId === undefined || callId === "") return fail("missing_header", "Call-ID");
  if (cseqText === undefined) return fail("missing_header", "CSeq");
  const from = parseNameAddr(fromText);
  const to = parseNameAddr(toText);
  if (from === undefined || to === undefined) return fail("malformed_header", "From or To");
  const cseq = parseCSeq(cseqText);
  if (cseq === undefined) return fail("malformed_header", "CSeq");
  const body = cutBody(headers.get("Content-Length"), rawBody);
  if (body === "malformed") return fail("malformed_header", "Content-Length");
  if (body === "too_short") return fail("body_too_short", "the body is shorter than Content-Length");
  const parts = { via, from, to, callId, cseq, headers, body };
  if (start.kind === "response") return { ok: true, message: { ...start, ...parts } };
  if (cseq.method !== start.method) return fail("method_mismatch", `${start.method} with CSeq of ${cseq.method}`);
  return { ok: true, message: { ...start, ...parts } };
}

function parseStartLine(line: string) {
  const response = /^SIP\/(\d+\.\d+) (\d{3})(?: (.*))?$/i.exec(line);
  if (response !== null) {
    const [, version, statusText, reason = ""] = response;
    const status = Number(statusText);
    if (version !== "2.0") return errorOf("unsupported_version", `SIP/${version}`);
    if (status < 100 || status > 699) return errorOf("malformed_start_line", `status ${status}`);
    return { kind: "response", status, reason } as const;
  }
  const request = /^([^\s]+) (\S+) SIP\/(\d+\.\d+)$/i.exec(line);
  if (request === null) {
    const version = / SIP\/(\d+\.\d+)\s*$/i.exec(line)?.[1];
    return errorOf(
      version === undefined || version === "2.0" ? "malformed_start_line" : "unsupported_version",
      line.slice(0, 60),
    );
  }
  const [, method = "", uriText = "", version] = request;
  if (version !== "2.0") return errorOf("unsupported_version", `SIP/${version}`);
  if (!isToken(method)) return errorOf("malformed_start_line", "method");
  const uri = parseUri(uriText);
  // Header fields have no place in a Request-URI (RFC 3261 §19.1.1): nobody is to slip in a Route that way.
  if (uri === undefined || ("headers" in uri && uri.headers.size > 0)) return errorOf("malformed_uri", "request URI");
  return { kind: "request", method, uri } as const;
}

function parseVias(headers: Headers): readonly Via[] | undefined {
  const values = headers.getAll("Via").flatMap((value) => splitList(value));
  const vias = values.map((value) => parseVia(value));
  return vias.length > 0 && vias.every((via) => via !== undefined) ? vias : undefined;
}

function parseCSeq(text: string): CSeq | undefined {
  const match = /^(\d{1,10})\s+(\S+)$/.exec(text);
  if (match === null) return undefined;
  const [, digits, method = ""] = match;
  const number = Number(digits);
  return number < 2 ** 31 && isToken(method) ? { number, method } : undefined;
}

function cutBody(lengthText: string | undefined, body: Uint8Array): Uint8Array | "malformed" | "too_short" {
  if (lengthText === undefined) return body;
  if (!/^\d{1,9}$/.test(lengthText)) return "malformed";
  const length = Number(lengthText);
  return length > body.length ? "too_short" : body.subarray(0, length);
}

/** Lines with folded ones joined by a space (RFC 3261 §7.3.1). */
function unfold(text: string): readonly string[] {
  const plain = text.split("\r\n");
  if (plain.every(isWholeLine)) return plain.filter((line) => line !== "");
  const lines: string[] = [];
  for (const line of text.split(/\r\n|\n|\r/)) {
    if ((line.startsWith(" ") || line.startsWith("\t")) && lines.length > 1) {
      lines[lines.length - 1] = `${lines.at(-1)?.trimEnd()} ${line.trim()}`;
    } else if (line !== "") lines.push(line);
  }
  return lines;
}

/** Not folded, and no line end but CRLF in it: so are nearly all. */
function isWholeLine(line: string): boolean {
  return !line.startsWith(" ") && !line.startsWith("\t") && !line.includes("\n") && !line.includes("\r");
}

function skipEmptyLines(bytes: Uint8Array): number {
  let start = 0;
  while (bytes[start] === 13 || bytes[start] === 10) start += 1;
  return start;
}

function findHeadEnd(bytes: Uint8Array, start: number): { readonly end: number; readonly bodyStart: number } {
  for (let at = bytes.indexOf(10, start); at >= 0; at = bytes.indexOf(10, at + 1)) {
    if (bytes[at + 1] === 10) return { end: at, bodyStart: at + 2 };
    if (bytes[at + 1] === 13 && bytes[at + 2] === 10) return { end: at, bodyStart: at + 3 };
  }
  return { end: bytes.length, bodyStart: bytes.length };
}

/** An answer finds its way by the address it came from; the sender finds the request again by its Via. */
function respondable(code: SipParseErrorCode, headers: Headers): Pick<SipParseError, "respondable"> {
  if (!headers.has("Via")) return {};
  return { respondable: { status: code === "unsupported_version" ? 505 : 400, headers } };
}

function errorOf(code: SipParseErrorCode, message: string): SipParseError {
  return { code, message };
}

function fail(code: SipParseErrorCode, message: string): ParseResult & { ok: false } {
  return { ok: false, error: errorOf(code, message) };
}
