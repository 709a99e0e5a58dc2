/** Why the server closes a connection, with the WebSocket close code and whether the client should come back ([W13]–[W17]). */
export const disconnectReasons = {
  session_timeout: {
    closeCode: 4000,
    reconnect: true,
    when: "No frame came from the client for 90 s.",
    source: "§6.3, W13",
  },
  auth_revoked: {
    closeCode: 4001,
    reconnect: true,
    when: "The token ended, or the user logged out, lost a role or is gone (then with `reconnect: false`).",
    source: "§6.3, W14",
  },
  server_shutdown: {
    closeCode: 1012,
    reconnect: true,
    when: "The server stops; sent after the outboxes drained or 5 s.",
    source: "§6.3, W16",
  },
  duplicate_connection: {
    closeCode: 4002,
    reconnect: false,
    when: "The same user connected again with the same `clientId`, or resumed this session.",
    source: "§6.3, W15",
  },
  slow_consumer: {
    closeCode: 4008,
    reconnect: true,
    when: "The client reads too slowly; its outbox stayed over the limit.",
    source: "W17, W31",
  },
} as const satisfies Readonly<Record<string, DisconnectReasonFacts>>;

export interface DisconnectReasonFacts {
  readonly closeCode: number;
  /** The usual value of `DISCONNECTED.reconnect`. */
  readonly reconnect: boolean;
  readonly when: string;
  readonly source: string;
}

export type DisconnectReason = keyof typeof disconnectReasons;

/** Close codes without a `DISCONNECTED` reason of their own ([W5]). */
export const closeCodes = {
  /** More than 20 frames within 10 s that could not be parsed. */
  tooManyBadFrames: 1008,
  /** A frame over 64 KiB. */
  frameTooLarge: 1009,
} as const;
