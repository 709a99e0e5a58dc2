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
  /** Most preferred first; names as in SDP (`PCMA`, `PCMU`, `G722`, `opus`). Empty: the engine's default. */
  readonly codecPreferences: readonly string[];
  readonly maxBindings: number;
}

export interface TrunkConfiguration {
  readonly trunkId: TrunkId;
  readonly name: string;
  readonly isEnabled: boolean;
  readonly trunkType: "register" | "ip_auth" | "static";
  readonly host: string;
  readonly port?: number;
  readonly transport: "udp" | "tcp" | "tls";
  readonly username?: string;
  readonly password?: string;
  readonly allowedIps: readonly string[];
}

/** The whole configuration; an engine applies the difference to what it had, calls in progress go on. */
export interface EngineConfiguration {
  /** Digest realm and SIP domain that the secrets were made for. */
  readonly realm: string;
  readonly extensions: readonly ExtensionConfiguration[];
  readonly trunks: readonly TrunkConfiguration[];
}
