import type { Remote } from "../transport/transport.ts";

/** One contact of an address of record (RFC 3261 §10). Plain data, to be kept and restored. */
export interface SipBinding {
  readonly id: string;
  readonly aor: string;
  /** As the device wrote it. */
  readonly contactUri: string;
  /** Where it is reached: the source of the REGISTER, which is right behind NAT too. */
  readonly remote: Remote;
  readonly userAgent: string;
  readonly callId: string;
  readonly cseq: number;
  /** 0–1, the more the sooner. */
  readonly q: number;
  readonly expiresAtMs: number;
  /** `+sip.instance` (RFC 5626). */
  readonly instanceId?: string;
  readonly path: readonly string[];
  /** `Allow-Events` of the REGISTER. */
  readonly allowEvents: readonly string[];
}

export type BindingEvent =
  | { readonly type: "added"; readonly binding: SipBinding }
  | { readonly type: "refreshed"; readonly binding: SipBinding }
  | {
      readonly type: "removed";
      readonly binding: SipBinding;
      readonly reason: "unregistered" | "expired" | "forced" | "flow_lost";
    };
