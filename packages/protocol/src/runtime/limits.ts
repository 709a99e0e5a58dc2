/** Bytes of one frame from a client; more closes the connection with 1009 ([W5]). */
export const maximumFrameBytes = 65_536;

/** Seconds between two pings of a client ([W13]). */
export const heartbeatSeconds = 30;

/** Numbers of the contract that both sides rely on. */
export const wireLimits = {
  maximumFrameBytes,
  heartbeatSeconds,
  /** Seconds without a frame from the client after which the server closes ([W13]). */
  sessionTimeoutSeconds: 90,
  /** Seconds before the end of the token at which `AUTH_EXPIRING` is sent ([W14]). */
  authExpiringSeconds: 60,
  /** Seconds that a lost session can be resumed ([W28]). */
  resumeSeconds: 120,
  /** Channels in one `subscribe` or `unsubscribe`. */
  maximumChannels: 200,
  /** Extensions in one `subscribePresence`. */
  maximumPresenceSubscriptions: 5_000,
  /** Characters of a number, of an id and of a free text. */
  maximumNumberLength: 64,
  maximumIdLength: 128,
  maximumTextLength: 500,
  /** Bytes of what is attached to one call, as JSON in UTF-8 ([C80]). */
  maximumCallDataBytes: 4096,
} as const;
