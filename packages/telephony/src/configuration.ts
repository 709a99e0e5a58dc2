import type { ExtensionId, TrunkId } from "./ids.ts";

/** A digest secret, kept per algorithm so that no clear password is needed (RFC 7616 §3.4.2: H(user:realm:password)), lower-case hex. */
export interface DigestSecret {
  readonly md5: string;
  readonly sha256: string;
}

/** What an engine has to know of an extension. */
export interface ExtensionConfiguration {
  readonly extensionId: ExtensionId;
  /** Also the user name that its phones authenticate with. */
  readonly number: string;
  readonly displayName: string;
  readonly secret: DigestSecret;
  /** Further secrets that do as well: those of single devices. */
  readonly deviceSecrets?: readonly DigestSecret[];
  /** Most preferred first; names as in SDP (`PCMA`, `PCMU`, `G722`, `opus`). Empty: the engine's default. */
  readonly codecPreferences: readonly string[];
  readonly maxBindings: number;
}

export const trunkTypes = ["register", "ip_auth", "static"] as const;
/**
 * `register`: we register at the far side, as a phone would. `ip_auth`: the far side knows us by our address. `static`: a
 * fixed far side, with digest on calls where it asks for it.
 */
export type TrunkType = (typeof trunkTypes)[number];

export const trunkTransports = ["udp", "tcp", "tls"] as const;
export type TrunkTransport = (typeof trunkTransports)[number];

/** A far side beyond which there are other people's numbers. Limits and numbers are the PBX's own matter. */
export interface TrunkConfiguration {
  readonly trunkId: TrunkId;
  readonly name: string;
  readonly isEnabled: boolean;
  readonly trunkType: TrunkType;
  /** Name or address. */
  readonly host: string;
  /** Without it the name's SRV records say (RFC 3263), else the transport's own. */
  readonly port?: number;
  readonly transport: TrunkTransport;
  /** For digest; a `register` trunk's account. */
  readonly username?: string;
  readonly password?: string;
  /** Further addresses (or networks, `192.0.2.0/24`) that calls come from. */
  readonly allowedIps: readonly string[];
  /** User of `From` on every call; the caller then stands in `P-Asserted-Identity` alone. Default: the caller's number. */
  readonly fromUser?: string;
  /** Domain of our own addresses there; default `host`. */
  readonly fromDomain?: string;
  /** Where requests are sent instead of `host`, which stays their address. */
  readonly outboundProxy?: { readonly host: string; readonly port?: number };
  /** Most preferred first; nothing else is offered or taken. Empty or left out: the engine's default. */
  readonly codecPreferences?: readonly string[];
  /** Seconds that a registration is asked for; default 300. */
  readonly registrationExpirySeconds?: number;
  /** OPTIONS ask whether the far side is there; default true. False for one that never answers them. */
  readonly isQualified?: boolean;
  /** TLS: the far side's certificate has to prove `host` (or the proxy); default true. */
  readonly isTlsVerified?: boolean;
}

/** The whole configuration; an engine applies the difference to what it had, calls in progress go on. */
export interface EngineConfiguration {
  /** Digest realm and SIP domain that the secrets were made for. */
  readonly realm: string;
  readonly extensions: readonly ExtensionConfiguration[];
  readonly trunks: readonly TrunkConfiguration[];
}
