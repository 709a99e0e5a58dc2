import type { Headers } from "../message/headers.ts";
import { parseParams } from "../message/text.ts";

/** A negotiated session timer (RFC 4028). */
export interface SessionTimer {
  readonly intervalSeconds: number;
  /** Who sends the refreshes: `us` or the far side. */
  readonly refresher: "us" | "them";
}

export type SessionTimerAnswer =
  | { readonly kind: "none" }
  | { readonly kind: "accepted"; readonly timer: SessionTimer; readonly header: string }
  /** To be answered 422 with `Min-SE`. */
  | { readonly kind: "too_small"; readonly minSeconds: number };

export interface SessionTimerPolicy {
  readonly minSeconds: number;
}

export const defaultSessionTimerPolicy: SessionTimerPolicy = { minSeconds: 90 };

/**
 * What a request with `Session-Expires` gets (RFC 4028 §9). Nobody is made to use a timer that did not ask for one; who
 * asks refreshes, unless it wants it otherwise.
 */
export function answerSessionTimer(
  headers: Headers,
  { minSeconds }: SessionTimerPolicy = defaultSessionTimerPolicy,
): SessionTimerAnswer {
  const value = headers.get("Session-Expires");
  if (value === undefined) return { kind: "none" };
  const [secondsText = "", ...rest] = value.split(";");
  const intervalSeconds = Number(secondsText.trim());
  if (!Number.isInteger(intervalSeconds) || intervalSeconds <= 0) return { kind: "none" };
  if (intervalSeconds < minSeconds) return { kind: "too_small", minSeconds };
  const wanted = parseParams(rest.join(";"))?.get("refresher");
  const refresher = wanted === "uas" ? "us" : "them";
  return {
    kind: "accepted",
    timer: { intervalSeconds, refresher },
    header: `${intervalSeconds};refresher=${refresher === "us" ? "uas" : "uac"}`,
  };
}

/** When to refresh (half the time), or when to give up waiting (RFC 4028 §10: 32 s or a third before the end). */
export function sessionTimerDelayMs({ intervalSeconds, refresher }: SessionTimer): number {
  if (refresher === "us") return intervalSeconds * 500;
  return (intervalSeconds - Math.min(32, intervalSeconds / 3)) * 1000;
}
