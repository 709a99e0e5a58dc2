import type { Call } from "../calls/call.ts";
import type { MissedOffer } from "../queues/queue-entry.ts";
import type { QueueCall } from "./agent.ts";

/** An extension is in the call, not only rung: it keeps an agent busy. */
export function takesPart({ stage, caller, callee }: Call, extensionId: string): boolean {
  switch (stage.at) {
    case "dialling":
    case "queued":
    case "parked":
    case "conference":
    case "mailbox":
      return caller.extensionId === extensionId;
    case "connected":
      return caller.extensionId === extensionId || callee.extensionId === extensionId;
    case "originating":
    case "ended":
      return false;
  }
}

/** The queue call that an agent has taken; not one that he himself waits in or has begun. */
export function queueCallOf(call: Call, extensionId: string, nowMs: number): QueueCall | undefined {
  const { stage, queue, callId, callee } = call;
  if (stage.at !== "connected" || queue?.agentExtensionId !== extensionId) return undefined;
  if (callee.extensionId !== extensionId) return undefined;
  return { callId, queueId: queue.id, answeredAtMs: nowMs };
}

/** Offers that agents have not taken between two states of a call. */
export function newMisses(before: Call | undefined, after: Call): readonly MissedOffer[] {
  if (before?.stage.at !== "queued" || after.stage.at !== "queued") return [];
  const last = before.stage.entry.missed.at(-1)?.offerId;
  const { missed } = after.stage.entry;
  return missed.slice(missed.findIndex(({ offerId }) => offerId === last) + 1);
}
