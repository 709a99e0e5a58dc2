import type { T } from "../words/use-words.ts";
import type { Secret } from "./secret-dialog.tsx";

/** A webhook as `GET /webhooks` has it. */
export interface Webhook {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly isActive: boolean;
  readonly switchedOff?: { readonly reason: "gone" | "failing"; readonly at: string; readonly message: string };
  readonly delivery: {
    readonly behind: number;
    readonly attempts: number;
    readonly nextTryAt?: string;
    readonly lastDeliveredAt?: string;
    readonly lastFailure?: { readonly at: string; readonly reason: string };
  };
}

/** A message that was given up. */
export interface DeadLetter {
  readonly id: string;
  readonly type: string;
  readonly failedAt: string;
  readonly attempts: number;
  readonly reason: string;
}

/** What came of a try by hand. */
export interface Try {
  readonly isDelivered: boolean;
  readonly status?: number;
  readonly reason?: string;
}

export type WebhookState = "on" | "failing" | "paused" | "off";

export function webhookState({ isActive, switchedOff, delivery }: Webhook): WebhookState {
  if (switchedOff !== undefined) return "off";
  if (!isActive) return "paused";
  return delivery.attempts > 0 ? "failing" : "on";
}

/** The key of the signatures, to be shown this once. */
export function webhookKey(t: T, name: string, key: string): Secret {
  return { title: name, rows: [{ label: t("webhook.key"), value: key }] };
}

/** What came of a try, in words. */
export function tryWords({ isDelivered, status = 0, reason = "" }: Try, t: T): string {
  return isDelivered ? t("webhook.testOk", { status }) : t("webhook.testBad", { reason });
}
