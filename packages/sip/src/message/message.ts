import type { Headers } from "./headers.ts";
import type { NameAddr } from "./name-addr.ts";
import type { Uri } from "./uri.ts";
import type { Via } from "./via.ts";

/** `CSeq` (RFC 3261 §20.16): a 31-bit number and the method it counts. */
export interface CSeq {
  readonly number: number;
  readonly method: string;
}

/**
 * What every valid message has (RFC 3261 §8.1.1), parsed once at the border.
 * `headers` holds *all* header fields in their order, these included; the fields here are the parsed view of it.
 */
interface MessageBase {
  /** Topmost first; never empty in a parsed message. */
  readonly via: readonly Via[];
  readonly from: NameAddr;
  readonly to: NameAddr;
  readonly callId: string;
  readonly cseq: CSeq;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

export interface SipRequest extends MessageBase {
  readonly kind: "request";
  /** As sent: upper case for the standard methods, otherwise untouched (methods are case-sensitive). */
  readonly method: string;
  readonly uri: Uri;
}

export interface SipResponse extends MessageBase {
  readonly kind: "response";
  /** 100–699. */
  readonly status: number;
  readonly reason: string;
}

export type SipMessage = SipRequest | SipResponse;
