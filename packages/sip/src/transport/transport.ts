export const transportNames = ["udp", "tcp", "tls", "ws", "wss"] as const;
export type TransportName = (typeof transportNames)[number];

/** The other end of a message. */
export interface Remote {
  readonly transport: TransportName;
  /** IP address without brackets. */
  readonly address: string;
  readonly port: number;
  /** The connection, where the transport has such; a message goes back on the one it came by. */
  readonly flowId?: string;
  /** TLS, connections of ours: the name that the far side's certificate has to prove; without it any certificate will do. */
  readonly tlsName?: string;
}

export interface TransportEvents {
  readonly onMessage: (bytes: Uint8Array, remote: Remote) => void;
  /** A connection ended; bindings and dialogs on it can no longer be reached. */
  readonly onFlowClosed: (flowId: string) => void;
}

export interface Transport {
  readonly name: TransportName;
  readonly isReliable: boolean;
  /** Where it listens. */
  readonly host: string;
  readonly port: number;
  /** Sends one message; `onError` is called at most once, when it certainly did not get out. */
  send(bytes: Uint8Array, remote: Remote, onError: (error: Error) => void): void;
  /** Ends one connection. */
  closeFlow(flowId: string): void;
  close(): Promise<void>;
}

export function isReliable(name: TransportName): boolean {
  return name !== "udp";
}

/** IPv4 addresses that arrive on an IPv6 socket are written as IPv4. */
export function plainAddress(address: string): string {
  return address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address;
}
