import type { EventLog, LoggedEvent } from "../event-log/event-log.ts";
import type { WebhookMessage, WebhookProgress } from "./webhook.ts";

export interface Gap {
  readonly webhookId: string;
  /** Last position that was served. */
  readonly from: Pick<WebhookProgress, "epoch" | "seq">;
  /** What was between is lost; delivery goes on after this. */
  readonly to: Pick<WebhookProgress, "epoch" | "seq">;
  readonly nowMs: number;
}

/**
 * Whether the log has what follows a position ([R46]).
 * @param page what was read after it
 * @returns the position after which it can go on; undefined where nothing is missing
 */
export function findGap(
  { epoch, seq }: Pick<WebhookProgress, "epoch" | "seq">,
  page: readonly Pick<LoggedEvent, "seq">[],
  log: Pick<EventLog, "epoch" | "oldest" | "head">,
): number | undefined {
  if (epoch !== log.epoch) return log.oldest() - 1;
  // A log that was put back from a copy.
  if (seq > log.head()) return log.head();
  const [first] = page;
  // Old events may be removed while they are being read.
  if (first !== undefined && first.seq > seq + 1) return first.seq - 1;
  return seq < log.oldest() - 1 ? log.oldest() - 1 : undefined;
}

/** Tells a receiver that it missed something, and what: it should read the state anew. */
export function gapMessage({ webhookId, from, to, nowMs }: Gap): WebhookMessage {
  const type = "WEBHOOK_GAP";
  const data = { webhookId, from: placeOf(from), to: placeOf(to) };
  return {
    id: `gap-${webhookId}-${from.seq}-${to.seq}`,
    type,
    body: JSON.stringify({ type, timestamp: new Date(nowMs).toISOString(), data }),
  };
}

function placeOf({ epoch, seq }: Pick<WebhookProgress, "epoch" | "seq">): object {
  return { epoch, seq };
}
