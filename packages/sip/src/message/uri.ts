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
