import { createHeaders, type HeaderField, type Headers } from "./headers.ts";
import type { SipMessage, SipRequest, SipResponse } from "./message.ts";
import { type NameAddr, parseNameAddr, printNameAddr, tagOf, withTag } from "./name-addr.ts";
import { reasonPhrase } from "./reasons.ts";
import { splitList } from "./text.ts";
import type { Uri } from "./uri.ts";
import { parseVia, printVia, type Via } from "./via.ts";

export interface RequestParts {
  readonly method: string;
  readonly uri: Uri;
  readonly from: NameAddr;
  readonly to: NameAddr;
  readonly callId: string;
  readonly cseq: number;
  readonly via?: readonly Via[];
  /** Default 70. */
  readonly maxForwards?: number;
  /** Further header fields, in order. */
  readonly headers?: Iterable<HeaderField>;
  readonly body?: Uint8Array | string;
  readonly contentType?: string;
}

const noBody = new Uint8Array(0);

export function createRequest(parts: RequestParts): SipRequest {
  const { method, uri, from, to, callId, via = [], maxForwards = 70, contentType } = parts;
  const cseq = { number: parts.cseq, method };
  const headers = createHeaders([
    ...via.map((value) => ({ name: "Via", value: printVia(value) })),
    { name: "Max-Forwards", value: String(maxForwards) },
    { name: "From", value: printNameAddr(from) },
    { name: "To", value: printNameAddr(to) },
    { name: "Call-ID", value: callId },
    { name: "CSeq", value: `${cseq.number} ${method}` },
    ...(parts.headers ?? []),
    ...(contentType === undefined ? [] : [{ name: "Content-Type", value: contentType }]),
  ]);
  return { kind: "request", method, uri, via, from, to, callId, cseq, headers, body: toBytes(parts.body) };
}

export interface ResponseParts {
  readonly reason?: string;
  /** Added to `To` where it has no tag yet (RFC 3261 §8.2.6.2). */
  readonly toTag?: string;
  readonly headers?: Iterable<HeaderField>;
  readonly body?: Uint8Array | string;
  readonly contentType?: string;
}

/** An answer to a request: Via, From, To, Call-ID, CSeq are its own; Record-Route where a dialog may begin (§12.1.1). */
export function createResponse(request: SipRequest, status: number, parts: ResponseParts = {}): SipResponse {
  const { via, from, callId, cseq } = request;
  const to =
    parts.toTag !== undefined && tagOf(request.to) === undefined ? withTag(request.to, parts.toTag) : request.to;
  const copied = (name: string): readonly HeaderField[] =>
    request.headers.getAll(name).map((value) => ({ name, value }));
  const isDialogForming = status > 100 && status < 300 && tagOf(request.to) === undefined;
  const headers = createHeaders([
    ...copied("Via"),
    ...(isDialogForming ? copied("Record-Route") : []),
    ...copied("From"),
    { name: "To", value: to === request.to ? (request.headers.get("To") ?? printNameAddr(to)) : printNameAddr(to) },
    ...copied("Call-ID"),
    ...copied("CSeq"),
    ...(status === 100 ? copied("Timestamp") : []),
    ...(parts.headers ?? []),
    ...(parts.contentType === undefined ? [] : [{ name: "Content-Type", value: parts.contentType }]),
  ]);
  const reason = parts.reason ?? reasonPhrase(status);
  return { kind: "response", status, reason, via, from, to, callId, cseq, headers, body: toBytes(parts.body) };
}

/** The same message with other header fields; what is parsed of them follows. */
export function withHeaders<Message extends SipMessage>(message: Message, headers: Headers): Message {
  const via = headers
    .getAll("Via")
    .flatMap((value) => splitList(value))
    .flatMap((value) => parseVia(value) ?? []);
  return {
    ...message,
    headers,
    via,
    from: parsed(headers.get("From"), message.from),
    to: parsed(headers.get("To"), message.to),
    callId: headers.get("Call-ID") ?? message.callId,
  };
}

function parsed(text: string | undefined, otherwise: NameAddr): NameAddr {
  return (text === undefined ? undefined : parseNameAddr(text)) ?? otherwise;
}

function toBytes(body: Uint8Array | string | undefined): Uint8Array {
  if (body === undefined) return noBody;
  return typeof body === "string" ? Buffer.from(body) : body;
}
