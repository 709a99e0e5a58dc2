import { z } from "zod";
import { time } from "../rest/answers.ts";
import type { DeadLetter, WebhookEndpoint } from "./webhook.ts";
import { reasonOf } from "./webhook-decision.ts";
import type { RunnerStatus } from "./webhook-runner.ts";
import type { HandResult } from "./webhook-service.ts";

const delivery = z
  .object({
    epoch: z.string(),
    seq: z.int().describe("Everything in the log up to it is done."),
    behind: z.int().describe("Events in the log after it, also those that are not for this endpoint."),
    attempts: z.int().describe("Failed tries of the message that comes next."),
    failingSince: time.exactOptional().describe("Nothing was taken since."),
    nextTryAt: time.exactOptional(),
    lastDeliveredAt: time.exactOptional().describe("Since the start of the system."),
    lastFailure: z.object({ at: time, reason: z.string() }).exactOptional().describe("Since the start of the system."),
  })
  .describe("How far it was served.");

export const webhookAnswer = z
  .object({
    id: z.string(),
    name: z.string(),
    url: z.string(),
    eventTypes: z.array(z.string()).describe("None: all."),
    channels: z.array(z.string()).describe("None: all."),
    isActive: z.boolean(),
    switchedOff: z
      .object({ reason: z.enum(["gone", "failing"]), at: time, message: z.string() })
      .exactOptional()
      .describe("Why the system switched it off. It goes on where it was when it is switched on again."),
    previousSecretUntil: time.exactOptional().describe("A replaced secret signs until then, beside the new one."),
    createdAt: time,
    delivery,
  })
  .meta({ id: "Webhook" });

export const webhookMade = webhookAnswer
  .extend({ secret: z.string().describe("The key of the signatures; shown this once.") })
  .meta({ id: "WebhookWithSecret" });

export const handAnswer = z
  .object({
    isDelivered: z.boolean(),
    status: z.int().exactOptional().describe("What the receiver answered."),
    reason: z.string().exactOptional().describe("Why it was not delivered."),
  })
  .meta({ id: "WebhookTry" });

export const deadLetterAnswer = z
  .object({
    id: z.string().describe("`webhook-id`: that of the event."),
    type: z.string(),
    failedAt: time,
    attempts: z.int(),
    reason: z.string().describe("Of the last try."),
    body: z.record(z.string(), z.unknown()).describe("The event."),
  })
  .meta({ id: "WebhookDeadLetter" });

export function showWebhook(
  endpoint: WebhookEndpoint,
  status: RunnerStatus | undefined,
  head: number,
): z.output<typeof webhookAnswer> {
  const { secrets, switchedOff, createdAtMs, eventTypes, channels, id, name, url, isActive } = endpoint;
  const untilMs = secrets.find((secret) => secret.untilMs !== undefined)?.untilMs;
  const { progress, lastDeliveredAtMs, lastFailure, nextTryAtMs } = status ?? {};
  const { epoch = "", seq = head, attempts = 0, failingSinceMs } = progress ?? {};
  return {
    id,
    name,
    url,
    isActive,
    eventTypes: [...eventTypes],
    channels: [...channels],
    ...(switchedOff !== undefined && {
      switchedOff: { reason: switchedOff.reason, at: iso(switchedOff.atMs), message: switchedOff.message },
    }),
    ...(untilMs !== undefined && { previousSecretUntil: iso(untilMs) }),
    createdAt: iso(createdAtMs),
    delivery: {
      epoch,
      seq,
      attempts,
      behind: Math.max(0, head - seq),
      ...(failingSinceMs !== undefined && { failingSince: iso(failingSinceMs) }),
      ...(nextTryAtMs !== undefined && { nextTryAt: iso(nextTryAtMs) }),
      ...(lastDeliveredAtMs !== undefined && { lastDeliveredAt: iso(lastDeliveredAtMs) }),
      ...(lastFailure !== undefined && { lastFailure: { at: iso(lastFailure.atMs), reason: lastFailure.reason } }),
    },
  };
}

export function showTry({ isDelivered, outcome }: HandResult): z.output<typeof handAnswer> {
  return {
    isDelivered,
    ...(outcome.kind === "answered" && { status: outcome.status }),
    ...(!isDelivered && { reason: reasonOf(outcome) }),
  };
}

export function showDeadLetter(letter: DeadLetter): z.output<typeof deadLetterAnswer> {
  const { id, type, failedAtMs, attempts, reason, body } = letter;
  // Written by this server.
  return { id, type, failedAt: iso(failedAtMs), attempts, reason, body: JSON.parse(body) as Record<string, unknown> };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
