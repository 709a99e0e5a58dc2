import type { BindingId, ExtensionId } from "./ids.ts";

export const bindingTransports = ["udp", "tcp", "tls", "ws", "wss"] as const;
export type BindingTransport = (typeof bindingTransports)[number];

/** A device's registration. Plain data, so that the PBX can keep it over a restart and give it back (`restoreBindings`). */
export interface Binding {
  readonly bindingId: BindingId;
  readonly extensionId: ExtensionId;
  /** As the device sent it. */
  readonly contactUri: string;
  /** Empty when the device told none. */
  readonly userAgent: string;
  /** Source address of the REGISTER. */
  readonly ipAddress: string;
  readonly port: number;
  readonly transport: BindingTransport;
  readonly expiresAtMs: number;
  readonly instanceId?: string;
  /** The device lets itself be told to answer, hold or resume (`NOTIFY Event: talk|hold`), as far as is known. */
  readonly allowsRemoteTalk: boolean;
  readonly allowsRemoteHold: boolean;
  /** Engine's own data for `restoreBindings`, JSON text; the PBX keeps it and looks not inside. */
  readonly engineState: string;
}

/** `unregistered`: the device said so; `expired`: it did not refresh (or its connection broke); `forced`: by `unregister`. */
export const bindingRemovedReasons = ["unregistered", "expired", "forced"] as const;
export type BindingRemovedReason = (typeof bindingRemovedReasons)[number];
