import { parseParams, printParams } from "./text.ts";
import { parseHostPort } from "./uri.ts";

/** One `Via` value (RFC 3261 §20.42, RFC 3581). */
export interface Via {
  /** Upper case: UDP, TCP, TLS, WS, WSS. */
  readonly transport: string;
  readonly host: string;
  readonly port?: number;
  readonly branch?: string;
  /** Names in lower case; `rport` without value is `true`. */
  readonly params: ReadonlyMap<string, string | true>;
}

/** Undefined when malformed. White space around the slashes and the colon is allowed (RFC 3261 §25.1). */
export function parseVia(text: string): Via | undefined {
  const match = /^SIP\s*\/\s*2\.0\s*\/\s*([A-Za-z0-9\-.!%*_+`'~]+)\s+([^;]+)(;.*)?$/is.exec(text.trim());
  if (match === null) return undefined;
  const [, transport = "", sentBy = "", paramText = ""] = match;
  const place = parseHostPort(sentBy);
  const params = parseParams(paramText);
  if (place === undefined || params === undefined) return undefined;
  const branch = params.get("branch");
  return { transport: transport.toUpperCase(), ...place, ...(typeof branch === "string" && { branch }), params };
}

export function printVia({ transport, host, port, params }: Via): string {
  return `SIP/2.0/${transport} ${host}${port === undefined ? "" : `:${port}`}${printParams(params)}`;
}
