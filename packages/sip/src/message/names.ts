/** Compact forms (RFC 3261 §7.3.3 and the registry of header fields): letter → canonical name. */
const compactForms: Readonly<Record<string, string>> = {
  a: "Accept-Contact",
  b: "Referred-By",
  c: "Content-Type",
  d: "Request-Disposition",
  e: "Content-Encoding",
  f: "From",
  i: "Call-ID",
  j: "Reject-Contact",
  k: "Supported",
  l: "Content-Length",
  m: "Contact",
  n: "Identity-Info",
  o: "Event",
  r: "Refer-To",
  s: "Subject",
  t: "To",
  u: "Allow-Events",
  v: "Via",
  x: "Session-Expires",
  y: "Identity",
};

const wellKnown = [
  "Accept",
  "Alert-Info",
  "Allow",
  "Allow-Events",
  "Answer-Mode",
  "Authorization",
  "CSeq",
  "Call-ID",
  "Call-Info",
  "Contact",
  "Content-Disposition",
  "Content-Length",
  "Content-Type",
  "Event",
  "Expires",
  "From",
  "Max-Forwards",
  "Min-Expires",
  "Min-SE",
  "P-Asserted-Identity",
  "Path",
  "Proxy-Authenticate",
  "Proxy-Authorization",
  "Proxy-Require",
  "RAck",
  "RSeq",
  "Reason",
  "Record-Route",
  "Refer-To",
  "Referred-By",
  "Replaces",
  "Require",
  "Retry-After",
  "Route",
  "Server",
  "Session-Expires",
  "Subscription-State",
  "Supported",
  "To",
  "Unsupported",
  "User-Agent",
  "Via",
  "WWW-Authenticate",
  "Warning",
] as const;

const canonical = new Map<string, string>([
  ...wellKnown.map((name): [string, string] => [name.toLowerCase(), name]),
  // As most write it, so that it is found at the first look.
  ...wellKnown.map((name): [string, string] => [name, name]),
  ...Object.entries(compactForms),
]);

/** One spelling per header: `v`, `VIA` and `Via` are `Via`; unknown names keep theirs. */
export function canonicalName(name: string): string {
  return knownName(name) ?? name;
}

/** The one spelling of a header that is known here; undefined for others. */
export function knownName(name: string): string | undefined {
  return canonical.get(name) ?? canonical.get(name.toLowerCase());
}

/** Key for comparing names without case and with compact forms. */
export function nameKey(name: string): string {
  return canonicalName(name).toLowerCase();
}
