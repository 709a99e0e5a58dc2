import type { SipRequest } from "../message/message.ts";
import { parseNameAddr } from "../message/name-addr.ts";
import { reasonPhrase } from "../message/reasons.ts";
import type { Uri } from "../message/uri.ts";
import { parseReplaces, type Replaces } from "./replaces.ts";

/** What a REFER asks for (RFC 3515): a call to `target`, in place of another one where it names that (RFC 3891 §3). */
export interface ReferWish {
  /** Without its header part. */
  readonly target: Uri;
  readonly replaces?: Replaces;
}

/** Undefined when it is to be answered 400: not exactly one `Refer-To`, malformed, or for another method than INVITE. */
export function parseRefer({ headers }: SipRequest): ReferWish | undefined {
  const [value, ...others] = headers.getAll("Refer-To");
  const uri = value === undefined || others.length > 0 ? undefined : parseNameAddr(value)?.uri;
  if (uri === undefined) return undefined;
  if (uri.scheme === "other" || uri.scheme === "tel") return { target: uri };
  if ((uri.params.get("method") ?? "INVITE") !== "INVITE") return undefined;
  const target: Uri = { ...uri, headers: new Map() };
  const replacesText = [...uri.headers].find(([name]) => name.toLowerCase() === "replaces")?.[1];
  if (replacesText === undefined) return { target };
  const replaces = parseReplaces(replacesText);
  return replaces === undefined ? undefined : { target, replaces };
}

/** The body of a NOTIFY about a transfer (RFC 3515 §2.4.5), type `message/sipfrag`. */
export function printTransferProgress(status: number): string {
  return `SIP/2.0 ${status} ${reasonPhrase(status)}\r\n`;
}

/** The status in a `message/sipfrag` body; undefined when there is none. */
export function parseTransferProgress(body: string): number | undefined {
  const status = /^SIP\/2\.0 ([1-6]\d\d)(?: |\r|\n|$)/.exec(body)?.[1];
  return status === undefined ? undefined : Number(status);
}
