import type { EventLog, LoggedEvent } from "../event-log/event-log.ts";
import type { Session } from "./session.ts";
import { isVisible, routesOf } from "./visibility.ts";

export type Replay = { readonly ok: true; readonly events: readonly LoggedEvent[] } | { readonly ok: false };

const pageSize = 1000;

/**
 * The session's events after a position, up to what is committed now ([W25]). Not ok where the position is of another epoch,
 * of the future, too old, or too far back for the socket. The log numbers without a gap.
 */
export async function readMissed(
  log: EventLog,
  session: Session,
  position: { readonly epoch: string; readonly seq: number },
  upTo: number,
  maxEvents: number,
): Promise<Replay> {
  if (position.epoch !== log.epoch || position.seq > upTo || position.seq < log.oldest() - 1) return { ok: false };
  const routes = routesOf(session);
  const events: LoggedEvent[] = [];
  let looked = 0;
  for (let after = position.seq; after < upTo; ) {
    const page = await log.read({ after, limit: pageSize });
    if (page.length === 0) return { ok: false };
    for (const event of page) {
      if (event.seq > upTo) return { ok: true, events };
      // Old events may be removed while they are being read: better none than a part.
      if (event.seq !== after + 1) return { ok: false };
      if (isVisible(session.identity, event, routes)) events.push(event);
      after = event.seq;
    }
    looked += page.length;
    if (events.length > maxEvents || looked > maxEvents * 20) return { ok: false };
  }
  return { ok: true, events };
}
