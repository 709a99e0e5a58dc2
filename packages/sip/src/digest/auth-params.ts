import { isToken, quote, splitOutside, unquote } from "../message/text.ts";

/** `Digest name=value, …` of WWW-Authenticate, Authorization and their Proxy- siblings; names in lower case. */
export function parseDigestParams(header: string): ReadonlyMap<string, string> | undefined {
  const match = /^\s*Digest\s+(.*)$/is.exec(header);
  if (match === null) return undefined;
  const params = new Map<string, string>();
  for (const part of splitOutside(match[1] ?? "", ",")) {
    const equals = part.indexOf("=");
    const name = part.slice(0, equals).trim().toLowerCase();
    if (equals <= 0 || !isToken(name) || params.has(name)) return undefined;
    params.set(name, unquote(part.slice(equals + 1).trim()));
  }
  return params;
}

const bare: ReadonlySet<string> = new Set(["algorithm", "stale", "nc"]);

/** @param isAnswer in an answer `qop` stands without quotes (RFC 7616 §3.4) */
export function printDigestParams(params: Iterable<readonly [string, string]>, isAnswer: boolean): string {
  const parts = [...params].map(([name, value]) =>
    bare.has(name) || (isAnswer && name === "qop") ? `${name}=${value}` : `${name}=${quote(value)}`,
  );
  return `Digest ${parts.join(", ")}`;
}
