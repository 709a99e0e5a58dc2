import { z } from "zod";
import { count, id, instant, seconds, seq, text } from "../core/fields.ts";
import { defineEvent } from "../core/message.ts";
import { sample } from "../core/sample.ts";
import { type DisconnectReason, disconnectReasons } from "../runtime/disconnect-reasons.ts";

export const connected = defineEvent({
  type: "CONNECTED",
  source: "§6.1, W12, W28",
  when: "First frame of every connection.",
  data: z.object({
    userId: id,
    /** Null for a user without an extension. */
    extensionId: id.nullable(),
    sessionId: id,
    epoch: id.exactOptional(),
    seq: seq.exactOptional(),
    /** The session of `?resume=` goes on, its subscriptions with it. */
    resumed: z.boolean().exactOptional(),
    /** How many events follow before new ones, when resumed. */
    replaying: count.exactOptional(),
    heartbeatSeconds: seconds.exactOptional(),
    tokenExpiresAt: instant.exactOptional(),
    serverVersion: text.exactOptional(),
  }),
  example: {
    userId: sample.userId,
    extensionId: sample.extensionId,
    sessionId: sample.sessionId,
    epoch: sample.epoch,
    seq: 10482,
    resumed: false,
    replaying: 0,
    heartbeatSeconds: 30,
    tokenExpiresAt: "2025-11-12T10:15:00.000Z",
    serverVersion: "0.1.0",
  },
});

export const pong = defineEvent({
  type: "PONG",
  source: "§6.2, W3",
  when: "Answer to `ping`, through the same outbox as events; carries the `id` of the ping, if it had one.",
  data: z.object({
    /** Up to where this session was served. */
    seq,
    /** Logged events that were sent on this connection. */
    delivered: count,
  }),
  example: { seq: 10482, delivered: 128 },
});

const reasons = Object.keys(disconnectReasons).filter(
  (reason): reason is DisconnectReason => reason in disconnectReasons,
);

export const disconnected = defineEvent({
  type: "DISCONNECTED",
  source: "§6.3, W13–W17",
  when: "Last frame before the server closes the connection, if it still can be sent.",
  data: z.object({
    reason: z.enum(reasons),
    message: text,
    /** Whether coming back makes sense. */
    reconnect: z.boolean().exactOptional(),
    retryAfterSeconds: seconds.exactOptional(),
  }),
  example: {
    reason: "session_timeout",
    message: "Session expired due to inactivity",
    reconnect: true,
    retryAfterSeconds: 0,
  },
});

export const authExpiring = defineEvent({
  type: "AUTH_EXPIRING",
  source: "W14",
  when: "60 s before the token ends; `refreshToken` renews it without a gap.",
  data: z.object({ expiresAt: instant }),
  example: { expiresAt: "2025-11-12T10:15:00.000Z" },
});
