import type { PlaybackId } from "@pbx-x/telephony";
import type { DecisionBuilder } from "./decision.ts";
import { wireParty } from "./wire-party.ts";

/** The destination rings: told once per destination, not per device ([C10]). */
export function emitRinging(builder: DecisionBuilder): void {
  const { stage } = builder.call;
  if (stage.at !== "dialling" || stage.isRinging) return;
  if (!stage.isCallerAnswered) builder.perform({ op: "progress", legId: stage.callerLegId, stage: "ringing" });
  const ringbackId = stage.isCallerAnswered ? (stage.ringbackId ?? builder.newId<PlaybackId>()) : undefined;
  if (ringbackId !== undefined && stage.ringbackId === undefined) {
    const source = { kind: "tone", tone: "ringback" } as const;
    builder.perform({ op: "play", legId: stage.callerLegId, playbackId: ringbackId, source });
  }
  builder.change({ stage: { ...stage, isRinging: true, ...(ringbackId !== undefined && { ringbackId }) } });
  tellRinging(builder);
}

export function tellRinging(builder: DecisionBuilder): void {
  const { caller, callee, forwardedFrom, isRecall } = builder.call;
  builder.emit("CALL_RINGING", "ringing", {
    caller: wireParty(caller),
    callee: wireParty(callee),
    ...(isRecall && { recall: true }),
    ...(forwardedFrom !== undefined && { forwardedFrom: wireParty(forwardedFrom) }),
  });
}
