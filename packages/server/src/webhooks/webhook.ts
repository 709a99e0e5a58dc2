import type { LoggedEventType } from "@pbx-x/protocol";

export const webhookLimits = {
  /** Endpoints of one system. */
  endpoints: 50,
  channels: 50,
  urlLength: 2000,
  /** Letters kept of one endpoint that could not be delivered; the oldest go. */
  deadLetters: 1000,
  /** Events read from the log at once. */
  page: 100,
  /** Longest time that a replaced secret signs on. */
  overlapHours: 168,
} as const;

/** One key that signs; `whsec_` and 32 random bytes in base64. */
export interface WebhookSecret {
  readonly value: string;
  /** It was replaced and signs until then. */
  readonly untilMs?: number;
}

/** Why it was switched off by the system, and not by a person ([R44]). */
export interface WebhookSwitchOff {
  readonly reason: "gone" | "failing";
  readonly atMs: number;
  readonly message: string;
}

/** Where events are sent ([R40]). */
export interface WebhookEndpoint {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  /** None: all. */
  readonly eventTypes: readonly LoggedEventType[];
  /** None: all. */
  readonly channels: readonly string[];
  readonly isActive: boolean;
  readonly switchedOff?: WebhookSwitchOff;
  /** The newest first, at least one, at most two. */
  readonly secrets: readonly WebhookSecret[];
  readonly createdAtMs: number;
}

/** Up to where an endpoint was served, and how it goes there ([R42]). */
export interface WebhookProgress {
  readonly epoch: string;
  /** Everything up to it is delivered, a dead letter, or not for this endpoint. */
  readonly seq: number;
  /** Tries of the message after it that failed. */
  readonly attempts: number;
  /** Nothing was taken since; undefined where the last try succeeded. */
  readonly failingSinceMs?: number;
}

/** What is posted. */
export interface WebhookMessage {
  /** `webhook-id`: that of the event, the same at every try. */
  readonly id: string;
  readonly type: string;
  readonly body: string;
}

/** A message that was given up ([R43]). */
export interface DeadLetter extends WebhookMessage {
  readonly endpointId: string;
  readonly failedAtMs: number;
  readonly attempts: number;
  /** Of the last try; for people. */
  readonly reason: string;
}
