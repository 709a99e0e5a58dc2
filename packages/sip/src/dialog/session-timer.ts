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
  const asked = parseSessionExpires(headers);
  if (asked === undefined) return { kind: "none" };
  const { intervalSeconds } = asked;
  if (intervalSeconds < minSeconds) return { kind: "too_small", minSeconds };
  const refresher = asked.refresher === "uas" ? "us" : "them";
  return {
    kind: "accepted",
    timer: { intervalSeconds, refresher },
    header: `${intervalSeconds};refresher=${refresher === "us" ? "uas" : "uac"}`,
  };
}

/**
 * The timer that a 2xx to a request of ours sets up (RFC 4028 §7.2), from the sender's point of view: `uac` is us.
 * Undefined when the far side wants none.
 */
export function sessionTimerOfAnswer(headers: Headers): SessionTimer | undefined {
  const told = parseSessionExpires(headers);
  if (told === undefined) return undefined;
  return { intervalSeconds: told.intervalSeconds, refresher: told.refresher === "uas" ? "them" : "us" };
}

/**
 * The header fields of a request that was answered 422, for another try (RFC 4028 §7.4): `Session-Expires` not below the
 * answer's `Min-SE`, which goes along. Undefined where the answer tells none.
 */
export function raiseSessionExpires(request: Headers, answer: Headers): Headers | undefined {
  const minimum = Number(answer.get("Min-SE")?.split(";")[0]?.trim() ?? Number.NaN);
  if (!Number.isInteger(minimum) || minimum <= 0) return undefined;
  const asked = parseSessionExpires(request);
  const seconds = Math.max(minimum, asked?.intervalSeconds ?? 0);
  const refresher = asked?.refresher === undefined ? "" : `;refresher=${asked.refresher}`;
  return request.with("Session-Expires", `${seconds}${refresher}`).with("Min-SE", String(minimum));
}

/** When to refresh (half the time), or when to give up waiting (RFC 4028 §10: 32 s or a third before the end). */
export function sessionTimerDelayMs({ intervalSeconds, refresher }: SessionTimer): number {
  if (refresher === "us") return intervalSeconds * 500;
  return (intervalSeconds - Math.min(32, intervalSeconds / 3)) * 1000;
}

function parseSessionExpires(headers: Headers) {
  const [secondsText = "", ...rest] = headers.get("Session-Expires")?.split(";") ?? [];
  if (!/^\d{1,9}$/.test(secondsText.trim())) return undefined;
  const intervalSeconds = Number(secondsText.trim());
  if (intervalSeconds === 0) return undefined;
  const wanted = parseParams(rest.join(";"))?.get("refresher");
  const refresher: "uac" | "uas" | undefined = wanted === "uac" || wanted === "uas" ? wanted : undefined;
  return { intervalSeconds, refresher };
}
