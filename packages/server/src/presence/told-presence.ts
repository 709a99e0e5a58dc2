import { presenceStatuses } from "@pbx-x/protocol/runtime";
import type { EventLog } from "../event-log/event-log.ts";
import type { Presence } from "./presence.ts";

/** The last so many events are looked at: more than can come within the moment that the store may lag behind. */
const tail = 5000;
const pageSize = 1000;

/** What the end of the log tells of presence, by extension. */
export async function presenceToldIn(
  log: Pick<EventLog, "read" | "head" | "oldest">,
): Promise<ReadonlyMap<string, Presence>> {
  const told = new Map<string, Presence>();
  for (let after = Math.max(log.oldest() - 1, log.head() - tail); after < log.head(); ) {
    const page = await log.read({ after, limit: pageSize });
    if (page.length === 0) break;
    for (const { type, json } of page) {
      const entry = type === "PRESENCE_UPDATED" ? entryOf(JSON.parse(json)) : undefined;
      if (entry !== undefined) told.set(...entry);
    }
    after = page.at(-1)?.seq ?? log.head();
  }
  return told;
}

function entryOf(event: unknown): readonly [string, Presence] | undefined {
  if (!isRecord(event) || !isRecord(event["data"])) return undefined;
  const { extensionId, presenceStatus: told, statusMessage, isManual } = event["data"];
  const presenceStatus = presenceStatuses.find((status) => status === told);
  if (typeof extensionId !== "string" || presenceStatus === undefined) return undefined;
  const message = typeof statusMessage === "string" ? { statusMessage } : {};
  return [extensionId, { presenceStatus, ...message, isManual: isManual === true }];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
