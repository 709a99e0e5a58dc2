import { createHmac } from "node:crypto";
import type { WebhookMessage, WebhookSecret } from "./webhook.ts";

const prefix = "whsec_";

/** A new secret; `randomBytes` gives as many as asked for. */
export function createSecret(randomBytes: (size: number) => Buffer): string {
  return `${prefix}${randomBytes(32).toString("base64")}`;
}

/** The secrets that sign now ([R41]). */
export function validSecrets(secrets: readonly WebhookSecret[], nowMs: number): readonly WebhookSecret[] {
  return secrets.filter(({ untilMs }) => untilMs === undefined || untilMs > nowMs);
}

/** A new secret before the old one, which signs on until a time; one that was already replaced is over. */
export function rotateSecrets(
  secrets: readonly WebhookSecret[],
  value: string,
  nowMs: number,
  overlapMs: number,
): readonly WebhookSecret[] {
  const [current] = secrets;
  if (current === undefined || overlapMs <= 0) return [{ value }];
  return [{ value }, { value: current.value, untilMs: nowMs + overlapMs }];
}

/**
 * The header fields of Standard Webhooks: `v1` is HMAC-SHA256 over `id.timestamp.body` in base64, one signature for each
 * secret that is valid.
 */
export function signatureHeaders(
  { id, body }: Pick<WebhookMessage, "id" | "body">,
  secrets: readonly WebhookSecret[],
  nowMs: number,
): Readonly<Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string>> {
  const timestamp = String(Math.floor(nowMs / 1000));
  const signatures = validSecrets(secrets, nowMs).map(({ value }) => {
    const key = Buffer.from(value.slice(prefix.length), "base64");
    return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
  });
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") };
}
