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
  const { stage, queue, callId, callee, caller } = call;
  if (stage.at !== "connected" || queue?.agentExtensionId !== extensionId) return undefined;
  // An agent who calls somebody back is the caller ([Q14]).
  const agent = queue.callback !== undefined && caller.extensionId === extensionId ? caller : callee;
  if (agent.extensionId !== extensionId) return undefined;
  return { callId, queueId: queue.id, answeredAtMs: nowMs };
}

/** Offers that agents have not taken between two states of a call. */
export function newMisses(before: Call | undefined, after: Call): readonly MissedOffer[] {
  const attempt = after.stage.at === "ended" && before?.stage.at !== "ended" ? after.queue?.callback : undefined;
  if (attempt?.failure?.of === "agent") {
    const { offerId, failure } = attempt;
    return [{ offerId, extensionId: after.queue?.agentExtensionId ?? "", outcome: failure.outcome }];
  }
  if (before?.stage.at !== "queued" || after.stage.at !== "queued") return [];
  const last = before.stage.entry.missed.at(-1)?.offerId;
  const { missed } = after.stage.entry;
  return missed.slice(missed.findIndex(({ offerId }) => offerId === last) + 1);
}
