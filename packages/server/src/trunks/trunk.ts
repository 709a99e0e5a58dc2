import type { TrunkReason, TrunkStatus } from "@pbx-x/protocol";
import type { TrunkTransport, TrunkType } from "@pbx-x/telephony";
import type { NumberFormat } from "../routing/numbering-plan.ts";

/** A trunk's record, as REST shows it ([R10]) less the password. */
export interface Trunk {
  readonly id: string;
  readonly name: string;
  readonly isEnabled: boolean;
  readonly trunkType: TrunkType;
  /** Name or address of the far side. */
  readonly host: string;
  /** Without it the name's SRV records say, else the transport's own. */
  readonly port?: number;
  readonly transport: TrunkTransport;
  readonly username?: string;
  /** Further addresses or networks that calls come from. */
  readonly allowedIps: readonly string[];
  /** Calls in both directions together; no limit where it is left out. */
  readonly maxConcurrentCalls?: number;
  /** Shown to those who are called, where a rule says so. */
  readonly mainNumber?: string;
  /** How the far side writes numbers; as they are where it is left out. */
  readonly numberFormat?: NumberFormat;
  readonly fromUser?: string;
  readonly fromDomain?: string;
  readonly outboundProxy?: string;
  readonly codecPreferences: readonly string[];
  /** Seconds. */
  readonly registrationExpirySeconds: number;
  /** OPTIONS ask whether the far side is there. */
  readonly optionsEnabled: boolean;
  /** TLS: the far side's certificate has to prove its name. */
  readonly tlsVerify: boolean;
}

/** What is known of a trunk now. An enabled one of which nothing is known yet is `inactive` without a reason. */
export interface TrunkState {
  readonly status: TrunkStatus;
  readonly reason?: TrunkReason;
  readonly errorMessage?: string;
  /** Milliseconds since 1970. */
  readonly sinceMs: number;
}

/** The trunks in memory: reading never waits. */
export interface TrunkDirectory {
  byId(id: string): Trunk | undefined;
  /** By name. */
  all(): readonly Trunk[];
  statusOf(id: string): TrunkState | undefined;
  /** Whether the far side is known to be away: not merely that nothing is known yet. */
  isDown(id: string): boolean;
  /** After a change is stored; `after` undefined means deleted, `before` undefined means created. */
  onChanged(listener: (change: TrunkChange) => void): () => void;
}

export interface TrunkChange {
  readonly before?: Trunk;
  readonly after?: Trunk;
}
