import { indexOutside, parseParams, printParams, quote, splitList, unquote } from "./text.ts";
import { parseUri, printUri, type Uri } from "./uri.ts";

/** `From`, `To`, `Contact`, `Route`, `Refer-To` … (RFC 3261 §20.10): display name, URI and header parameters. */
export interface NameAddr {
  readonly displayName?: string;
  readonly uri: Uri;
  /** Header parameters (`tag`, `expires`, `q` …): names in lower case; a parameter without value is `true`. */
  readonly params: ReadonlyMap<string, string | true>;
}

/** Undefined when malformed. Without angle brackets, parameters belong to the header, not to the URI (RFC 3261 §20). */
export function parseNameAddr(text: string): NameAddr | undefined {
  const value = text.trim();
  const open = indexOutside(value, "<");
  if (open < 0) {
    const semicolon = value.indexOf(";");
    const address = (semicolon < 0 ? value : value.slice(0, semicolon)).trim();
    // A URI with a question mark or a comma has to be in angle brackets (RFC 3261 §20).
    const uri = /[?,]/.test(address) ? undefined : parseUri(address);
    const params = semicolon < 0 ? new Map<string, string | true>() : parseParams(value.slice(semicolon + 1));
    return uri === undefined || params === undefined || value.startsWith('"') ? undefined : { uri, params };
  }
  const close = value.indexOf(">", open);
  if (close < 0) return undefined;
  const uri = parseUri(value.slice(open + 1, close).trim());
  const rest = value.slice(close + 1).trim();
  if (rest !== "" && !rest.startsWith(";")) return undefined;
  const params = parseParams(rest.slice(1));
  if (uri === undefined || params === undefined) return undefined;
  const name = value.slice(0, open).trim();
  if (name.startsWith('"') && (!name.endsWith('"') || name.length < 2)) return undefined;
  const displayName = unquote(name);
  return { ...(displayName !== "" && { displayName }), uri, params };
}

/** All values of a header's list; undefined when one of them is malformed. */
export function parseNameAddrList(values: readonly string[]): readonly NameAddr[] | undefined {
  const list = values.flatMap((value) => splitList(value)).map((value) => parseNameAddr(value));
  return list.every((value) => value !== undefined) ? list : undefined;
}

export function printNameAddr({ displayName, uri, params }: NameAddr): string {
  const name = displayName === undefined ? "" : `${quote(displayName)} `;
  return `${name}<${printUri(uri)}>${printParams(params)}`;
}

/** The `tag` parameter of From and To. */
export function tagOf({ params }: NameAddr): string | undefined {
  const tag = params.get("tag");
  return tag === true ? undefined : tag;
}

export function withTag(address: NameAddr, tag: string): NameAddr {
  return { ...address, params: new Map([...address.params, ["tag", tag]]) };
}
