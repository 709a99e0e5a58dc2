import { z } from "zod";
import { count, id, instant, seq, text } from "../core/fields.ts";
import { defineCommand } from "../core/message.ts";
import { sample } from "../core/sample.ts";
import type { Snapshot } from "../runtime/model/snapshot.ts";
import { errorCodes } from "../runtime/error-codes.ts";
import { wireLimits } from "../runtime/limits.ts";

const channels = z.array(z.string().max(300)).max(wireLimits.maximumChannels);
const channelAnswers = z.array(
  z.union([
    z.object({ channel: z.string(), ok: z.literal(true) }),
    z.object({
      channel: z.string(),
      ok: z.literal(false),
      error: z.object({ code: z.enum(errorCodes), message: text }),
    }),
  ]),
);
const position = z.object({ epoch: id, seq });

export const subscribe = defineCommand({
  name: "subscribe",
  source: "§4.4, W20–W26",
  when: "Sends the events of these channels from now on; `since` first sends the missed ones, `snapshot` answers the state.",
  permission: "none",
  errors: [],
  isIdempotent: true,
  params: z.object({
    channels,
    since: position.exactOptional(),
    snapshot: z.boolean().exactOptional(),
  }),
  result: z.object({
    channels: channelAnswers,
    epoch: id,
    seq,
    /** Whether everything since the given position follows. */
    recovered: z.boolean().exactOptional(),
    /** How many events follow before new ones. */
    missed: count.exactOptional(),
    /** The state of what the channels cover, as of `seq`. */
    snapshot: z.custom<Snapshot>((value) => typeof value === "object" && value !== null).exactOptional(),
  }),
  example: {
    params: { channels: ["calls", `queues:${sample.queueId}`, "extension:200"] },
    result: {
      channels: [
        { channel: "calls", ok: false, error: { code: "UNAUTHORIZED", message: "Your role does not see all calls." } },
        { channel: `queues:${sample.queueId}`, ok: true },
        { channel: "extension:200", ok: true },
      ],
      epoch: sample.epoch,
      seq: 10482,
    },
  },
});

export const unsubscribe = defineCommand({
  name: "unsubscribe",
  source: "§4.4",
  when: "Sends the events of these channels no more.",
  permission: "none",
  errors: [],
  isIdempotent: true,
  params: z.object({ channels }),
  result: z.object({ channels: channelAnswers }),
  example: {
    params: { channels: [`queues:${sample.queueId}`] },
    result: { channels: [{ channel: `queues:${sample.queueId}`, ok: true }] },
  },
});

export const listChannels = defineCommand({
  name: "listChannels",
  source: "W43",
  when: "Answers the channels that this user may subscribe to, and those that the session has.",
  permission: "none",
  errors: [],
  isIdempotent: true,
  params: z.object({}),
  result: z.object({
    available: z.array(z.object({ channel: z.string(), description: text })),
    subscribed: z.array(z.string()),
  }),
  example: {
    params: {},
    result: {
      available: [{ channel: "extension:200", description: "everything about one extension" }],
      subscribed: ["extension:200"],
    },
  },
});

export const refreshToken = defineCommand({
  name: "refreshToken",
  source: "W14, W43",
  when: "Renews the session's token in place.",
  permission: "none",
  errors: [],
  isIdempotent: true,
  params: z.object({ token: z.string().min(1).max(16_384) }),
  result: z.object({ tokenExpiresAt: instant }),
  example: {
    params: { token: "<the new access token>" },
    result: { tokenExpiresAt: "2025-11-12T10:30:00.000Z" },
  },
});

/** Answered by the event `PONG`, not by an answer frame. */
export const ping = defineCommand({
  name: "ping",
  source: "§6.2, W3, W13",
  when: "Keeps the connection; at least every 90 s. Needs no `id`.",
  permission: "none",
  errors: [],
  isIdempotent: true,
  params: z.object({}),
  result: z.object({ seq, delivered: count }),
  example: { params: {}, result: { seq: 10482, delivered: 128 } },
});
