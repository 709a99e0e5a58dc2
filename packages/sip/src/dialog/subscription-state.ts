import { parseParams } from "../message/text.ts";

/** `Subscription-State` of a NOTIFY (RFC 6665 §4.1.3); `active`, `pending`, `terminated` or an extension. */
export interface SubscriptionState {
  readonly state: string;
  /** Seconds until the end of the subscription. */
  readonly expiresSeconds?: number;
  /** Why it ended: `noresource`, `timeout` … */
  readonly reason?: string;
  readonly retryAfterSeconds?: number;
}

/** Undefined when malformed. */
export function parseSubscriptionState(text: string): SubscriptionState | undefined {
  const [state = "", ...rest] = text.split(";");
  const params = parseParams(rest.join(";"));
  if (params === undefined || !/^[A-Za-z0-9-]+$/.test(state.trim())) return undefined;
  const reason = params.get("reason");
  const expiresSeconds = secondsOf(params.get("expires"));
  const retryAfterSeconds = secondsOf(params.get("retry-after"));
  return {
    state: state.trim().toLowerCase(),
    ...(expiresSeconds !== undefined && { expiresSeconds }),
    ...(typeof reason === "string" && { reason }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  };
}

export function printSubscriptionState({
  state,
  expiresSeconds,
  reason,
  retryAfterSeconds,
}: SubscriptionState): string {
  return [
    state,
    ...(reason === undefined ? [] : [`reason=${reason}`]),
    ...(expiresSeconds === undefined ? [] : [`expires=${expiresSeconds}`]),
    ...(retryAfterSeconds === undefined ? [] : [`retry-after=${retryAfterSeconds}`]),
  ].join(";");
}

function secondsOf(value: string | true | undefined): number | undefined {
  return typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}
