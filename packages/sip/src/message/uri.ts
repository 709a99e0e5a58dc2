/** `sip:` / `sips:` URI (RFC 3261 §19.1). `user`, parameters and headers are unescaped; the host is lower case, IPv6 in brackets. */
export interface SipUri {
  readonly scheme: "sip" | "sips";
  readonly user?: string;
  readonly password?: string;
  readonly host: string;
  readonly port?: number;
  /** Names in lower case; a parameter without value is `true`. */
  readonly params: ReadonlyMap<string, string | true>;
  readonly headers: ReadonlyMap<string, string>;
}

/** `tel:` URI (RFC 3966): `number` without visual separators. */
export interface TelUri {
  readonly scheme: "tel";
  readonly number: string;
  readonly params: ReadonlyMap<string, string | true>;
}

/** Any other scheme, kept as it was. */
export interface OtherUri {
  readonly scheme: "other";
  readonly text: string;
}

export type Uri = SipUri | TelUri | OtherUri;

export interface SipUriParts {
  readonly scheme?: "sip" | "sips";
  readonly user?: string;
  readonly host: string;
  readonly port?: number;
  readonly params?: Iterable<readonly [string, string | true]>;
}

export function sipUri({ scheme = "sip", user, host, port, params = [] }: SipUriParts): SipUri {
  return {
    scheme,
    ...(user !== undefined && { user }),
    host: host.includes(":") && !host.startsWith("[") ? `[${host.toLowerCase()}]` : host.toLowerCase(),
    ...(port !== undefined && { port }),
    params: new Map(params),
    headers: new Map(),
  };
}

/** Undefined when it is not a URI that SIP could use. */
export function parseUri(text: string): Uri | undefined {
  const colon = text.indexOf(":");
  if (colon <= 0) return undefined;
  const scheme = text.slice(0, colon).toLowerCase();
  if (scheme === "sip" || scheme === "sips") return parseSipUri(scheme, text.slice(colon + 1));
  if (scheme === "tel") return parseTelUri(text.slice(colon + 1));
  return /^[a-z][a-z0-9+.-]*$/.test(scheme) && /^[^\s<>"]+$/.test(text) ? { scheme: "other", text } : undefined;
}

export function printUri(uri: Uri): string {
  if (uri.scheme === "other") return uri.text;
  if (uri.scheme === "tel") return `tel:${uri.number}${printUriParams(uri.params)}`;
  const user = uri.user === undefined ? "" : escape(uri.user, userCharacters);
  const password = uri.password === undefined ? "" : `:${escape(uri.password, userCharacters)}`;
  const port = uri.port === undefined ? "" : `:${uri.port}`;
  const headers = [...uri.headers].map(
    ([name, value]) => `${escape(name, headerCharacters)}=${escape(value, headerCharacters)}`,
  );
  return (
    `${uri.scheme}:${uri.user === undefined ? "" : `${user}${password}@`}${uri.host}${port}` +
    printUriParams(uri.params) +
    (headers.length === 0 ? "" : `?${headers.join("&")}`)
  );
}

/** Equality of RFC 3261 §19.1.4 for what a registrar compares; other schemes by their text. */
export function uriEquals(a: Uri, b: Uri): boolean {
  if (a.scheme !== b.scheme) return false;
  if (a.scheme === "other" || b.scheme === "other") return printUri(a) === printUri(b);
  if (a.scheme === "tel" || b.scheme === "tel")
    return a.scheme === "tel" && b.scheme === "tel" && a.number === b.number;
  if (a.user !== b.user || a.password !== b.password || a.host !== b.host || a.port !== b.port) return false;
  for (const name of new Set([...a.params.keys(), ...b.params.keys()])) {
    const [one, other] = [a.params.get(name), b.params.get(name)];
    const isCompared = one !== undefined && other !== undefined;
    if (!isCompared && mustBePresent.has(name)) return false;
    if (isCompared && String(one).toLowerCase() !== String(other).toLowerCase()) return false;
  }
  return [...new Set([...a.headers.keys(), ...b.headers.keys()])].every(
    (name) => a.headers.get(name) === b.headers.get(name),
  );
}

const mustBePresent: ReadonlySet<string> = new Set(["user", "ttl", "method", "maddr", "transport"]);
const userCharacters = /^[A-Za-z0-9\-_.!~*'()&=+$,;?/]*$/;
const paramCharacters = /^[A-Za-z0-9\-_.!~*'()[\]/:&+$]*$/;
const headerCharacters = /^[A-Za-z0-9\-_.!~*'()[\]/?:+$]*$/;

function parseSipUri(scheme: "sip" | "sips", rest: string): SipUri | undefined {
  const question = rest.indexOf("?", Math.max(0, rest.indexOf("@")));
  const beforeHeaders = question < 0 ? rest : rest.slice(0, question);
  const at = beforeHeaders.lastIndexOf("@");
  const userInfo = at < 0 ? undefined : beforeHeaders.slice(0, at);
  const [hostPort = "", ...paramTexts] = beforeHeaders.slice(at + 1).split(";");
  const place = parseHostPort(hostPort);
  if (place === undefined || userInfo === "") return undefined;
  const params = new Map<string, string | true>();
  for (const text of paramTexts) {
    if (text === "") continue;
    const equals = text.indexOf("=");
    const name = unescape(equals < 0 ? text : text.slice(0, equals));
    const value = equals < 0 ? true : unescape(text.slice(equals + 1));
    if (name === undefined || value === undefined || params.has(name.toLowerCase())) return undefined;
    params.set(name.toLowerCase(), value);
  }
  const headers = question < 0 ? new Map<string, string>() : parseUriHeaders(rest.slice(question + 1));
  if (headers === undefined) return undefined;
  const colon = userInfo?.indexOf(":") ?? -1;
  const user = userInfo === undefined ? undefined : unescape(colon < 0 ? userInfo : userInfo.slice(0, colon));
  const password = userInfo === undefined || colon < 0 ? undefined : unescape(userInfo.slice(colon + 1));
  if (userInfo !== undefined && (user === undefined || /[\s<>"]/.test(userInfo))) return undefined;
  return {
    scheme,
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
    ...place,
    params,
    headers,
  };
}

function parseUriHeaders(text: string): Map<string, string> | undefined {
  const headers = new Map<string, string>();
  for (const part of text.split("&")) {
    const equals = part.indexOf("=");
    const name = unescape(equals < 0 ? part : part.slice(0, equals));
    const value = unescape(equals < 0 ? "" : part.slice(equals + 1));
    if (name === undefined || name === "" || value === undefined) return undefined;
    headers.set(name, value);
  }
  return headers;
}

function parseTelUri(rest: string): TelUri | undefined {
  const [subscriber = "", ...paramTexts] = rest.split(";");
  const number = subscriber.replaceAll(/[-.()]/g, "");
  if (!/^\+?[0-9A-Fa-f*#]+$/.test(number)) return undefined;
  const params = new Map<string, string | true>();
  for (const text of paramTexts) {
    const equals = text.indexOf("=");
    const value = equals < 0 ? true : unescape(text.slice(equals + 1));
    if (value === undefined) return undefined;
    params.set((equals < 0 ? text : text.slice(0, equals)).toLowerCase(), value);
  }
  return { scheme: "tel", number, params };
}

/** `host`, `host:port`, `[v6]`, `[v6]:port`; undefined when malformed. */
export function parseHostPort(text: string): { readonly host: string; readonly port?: number } | undefined {
  const match = /^(\[[0-9A-Fa-f:.%]+\]|[A-Za-z0-9\-._]+)\s*(?::\s*(\d{1,5}))?$/.exec(text.trim());
  if (match === null) return undefined;
  const [, host = "", portText] = match;
  const port = portText === undefined ? undefined : Number(portText);
  if (port !== undefined && port > 65_535) return undefined;
  return { host: host.toLowerCase(), ...(port !== undefined && { port }) };
}

function printUriParams(params: ReadonlyMap<string, string | true>): string {
  let text = "";
  for (const [name, value] of params) {
    text += `;${escape(name, paramCharacters)}${value === true ? "" : `=${escape(value, paramCharacters)}`}`;
  }
  return text;
}

function unescape(text: string): string | undefined {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function escape(text: string, plain: RegExp): string {
  if (plain.test(text)) return text;
  let escaped = "";
  for (const character of text) escaped += plain.test(character) ? character : escapeBytes(character);
  return escaped;
}

function escapeBytes(character: string): string {
  return [...new TextEncoder().encode(character)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
    .join("");
}
