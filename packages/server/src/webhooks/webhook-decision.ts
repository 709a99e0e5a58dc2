/** How one try ended. */
export type DeliveryOutcome =
  | { readonly kind: "answered"; readonly status: number; readonly retryAfterSeconds?: number }
  /** No answer: no connection, no certificate, no time. */
  | { readonly kind: "failed"; readonly reason: string };

export interface DeliveryLimits {
  /** Tries of one message before it becomes a dead letter. */
  readonly maxAttempts: number;
  /** An endpoint that took nothing for so long is switched off. */
  readonly switchOffAfterMs: number;
}

export interface DeliveryTrouble {
  /** Failed tries of this message, without the one that is judged. */
  readonly attempts: number;
  readonly failingSinceMs?: number;
}

export interface DeliveryContext {
  readonly nowMs: number;
  /** 0 ≤ value < 1. */
  readonly random: number;
  readonly limits: DeliveryLimits;
}

export type DeliveryVerdict =
  | { readonly kind: "delivered" }
  | { readonly kind: "retry"; readonly delayMs: number; readonly attempts: number; readonly reason: string }
  | { readonly kind: "dead"; readonly attempts: number; readonly reason: string }
  | { readonly kind: "switchOff"; readonly why: "gone" | "failing"; readonly reason: string };

const firstMs = 1000;
const longestMs = 3600_000;

/** What follows from a try ([R43], [R44]). Pure. */
export function decideDelivery(
  outcome: DeliveryOutcome,
  { attempts: before, failingSinceMs }: DeliveryTrouble,
  { nowMs, random, limits }: DeliveryContext,
): DeliveryVerdict {
  if (outcome.kind === "answered" && outcome.status >= 200 && outcome.status < 300) return { kind: "delivered" };
  const reason = reasonOf(outcome);
  if (outcome.kind === "answered" && outcome.status === 410) return { kind: "switchOff", why: "gone", reason };
  const isLong = failingSinceMs !== undefined && nowMs - failingSinceMs >= limits.switchOffAfterMs;
  if (isLong) return { kind: "switchOff", why: "failing", reason };
  const attempts = before + 1;
  if (attempts >= limits.maxAttempts) return { kind: "dead", attempts, reason };
  const askedMs = outcome.kind === "answered" ? (outcome.retryAfterSeconds ?? 0) * 1000 : 0;
  return { kind: "retry", delayMs: nextDelayMs(attempts, random, askedMs), attempts, reason };
}

/**
 * Time until the next try: 1 s, doubled each time up to an hour, with up to a quarter more so that many endpoints at one
 * place do not come at once.
 * @param failures of this message, 1 for the first
 * @param askedMs what the receiver asked for by `Retry-After`; kept within the hour
 */
export function nextDelayMs(failures: number, random: number, askedMs = 0): number {
  const wanted = firstMs * 2 ** Math.min(failures - 1, 20);
  return Math.round(Math.min(longestMs, Math.max(wanted, askedMs)) * (1 + random / 4));
}

/** For people: what the receiver answered, or why there was no answer. */
export function reasonOf(outcome: DeliveryOutcome): string {
  if (outcome.kind === "failed") return outcome.reason;
  const isRedirect = outcome.status >= 300 && outcome.status < 400;
  return isRedirect ? `status ${outcome.status}: redirects are not followed` : `status ${outcome.status}`;
}
