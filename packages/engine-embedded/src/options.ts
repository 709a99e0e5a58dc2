import type { Scheduler } from "@pbx-x/telephony";
import type { ResolvePlaces } from "./trunks/resolve-places.ts";

/** Where the engine writes what an operator may want to know; no secret ever gets here. */
export interface EngineLogger {
  debug(details: Readonly<Record<string, unknown>>, message: string): void;
  info(details: Readonly<Record<string, unknown>>, message: string): void;
  warn(details: Readonly<Record<string, unknown>>, message: string): void;
}

export interface EmbeddedEngineOptions {
  /** Address that SIP and RTP are bound to. */
  readonly host: string;
  /** Address that phones are told, where it is another (NAT). */
  readonly externalAddress?: string;
  /** 0 for any. */
  readonly udpPort: number;
  readonly tcpPort: number;
  readonly tlsPort: number;
  readonly tls?: { readonly certPem: string; readonly keyPem: string };
  /** SIP over WebSocket (RFC 7118), without and with TLS; left out when undefined. */
  readonly wsPort?: number;
  readonly wssPort?: number;
  readonly rtpPorts: { readonly min: number; readonly max: number };
  readonly scheduler: Scheduler;
  readonly newId: () => string;
  /** Unguessable text for tags, branches and nonces. */
  readonly randomText: () => string;
  readonly nonceSecret: Uint8Array;
  /** Offered to phones, in this order; default MD5 alone, since some phones fail at any challenge beside it. */
  readonly digestAlgorithms?: readonly ("MD5" | "SHA-256")[];
  readonly logger: EngineLogger;
  readonly userAgent?: string;
  readonly registration?: {
    /** Seconds. */
    readonly minExpires?: number;
    readonly maxExpires?: number;
    readonly defaultExpires?: number;
  };
  readonly limits?: EngineLimits;
  readonly trunks?: {
    /** Time between two OPTIONS to a trunk; default 30 s ([V4]). */
    readonly probeEveryMs?: number;
    /** Default: the machine's name service. */
    readonly resolve?: ResolvePlaces;
    /** Authorities (PEM) that may vouch for a trunk's name besides the well-known ones. */
    readonly trustedCaPem?: string;
  };
}

export interface EngineLimits {
  readonly maxLegs?: number;
  /** A leg that hears nothing for so long has lost its phone; default 2 min. */
  readonly noMediaMs?: number;
  /** After so long without a voice packet a phone is asked whether it is still there (OPTIONS inside the call); default 20 s. */
  readonly silentMs?: number;
  /** OPTIONS to phones behind NAT, to keep the way open; default 25 s. */
  readonly natKeepAliveMs?: number;
}
