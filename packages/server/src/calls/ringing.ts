import type { PlaybackId } from "@pbx-x/telephony";
import { waitedSeconds } from "../queues/queue-entry.ts";
import type { DecisionBuilder } from "./decision.ts";
import { isHere, type Party } from "./call.ts";
import { callDataField } from "./call-data.ts";
import { wireParty } from "./wire-party.ts";

/** The destination rings: told once per destination, not per device ([C10]). */
export function emitRinging(builder: DecisionBuilder): void {
  const { stage } = builder.call;
  if (stage.at !== "dialling" || stage.isRinging) return;
  if (!stage.isCallerAnswered) builder.perform({ op: "progress", legId: stage.callerLegId, stage: "ringing" });
  // A phone that is in its consultation hears what goes on there ([C35]).
  const isListening = stage.isCallerAnswered && isHere(builder.call, stage.callerLegId);
  const ringbackId = isListening ? (stage.ringbackId ?? builder.newId<PlaybackId>()) : undefined;
  if (ringbackId !== undefined && stage.ringbackId === undefined) {
    const source = { kind: "tone", tone: "ringback" } as const;
    builder.perform({ op: "play", legId: stage.callerLegId, playbackId: ringbackId, source });
  }
  builder.change({ stage: { ...stage, isRinging: true, ...(ringbackId !== undefined && { ringbackId }) } });
  tellRinging(builder);
}

export function tellRinging(builder: DecisionBuilder): void {
  tellRingingAt(builder, builder.call.callee);
}

/** @param callee who is rung, also where the call has not come to him yet */
export function tellRingingAt(builder: DecisionBuilder, callee: Party): void {
  const { caller, forwardedFrom, isRecall } = builder.call;
  builder.emit("CALL_RINGING", "ringing", {
    caller: wireParty(caller),
    callee: wireParty(callee),
    ...queueField(builder),
    ...callDataField(builder.call),
    ...(isRecall && { recall: true }),
    ...(forwardedFrom !== undefined && { forwardedFrom: wireParty(forwardedFrom) }),
  });
}

/** The queue that the call waits in or came through, and how long it has waited there. */
export function queueField({ call: { queue, stage }, nowMs }: DecisionBuilder) {
  if (queue === undefined) return {};
  const { id, name } = queue;
  const waitSeconds = stage.at === "queued" ? waitedSeconds(stage.entry, nowMs) : queue.waitSeconds;
  return { queue: { id, name, waitSeconds } };
}
