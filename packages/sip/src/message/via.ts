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
