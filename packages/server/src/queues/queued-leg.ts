import type { DecisionBuilder } from "../calls/decision.ts";
import { endCall } from "../calls/end-call.ts";
import { endOf, type LegEvent, type LegSurroundings } from "../calls/leg-event.ts";
import { holdsAfter } from "../calls/waiting-holds.ts";
import { whileOffered } from "./offer-decisions.ts";
import type { QueuedStage } from "./queue-entry.ts";
import { callbackKey, requestCallback } from "./request-callback.ts";
import { goOnSpeaking } from "./speech.ts";

/** What happens at the phones of a call that waits in a queue. */
export function whileQueued(
  builder: DecisionBuilder,
  stage: QueuedStage,
  event: LegEvent,
  around: LegSurroundings,
): void {
  if (event.legId !== stage.callerLegId) return whileOffered(builder, stage, event, around);
  switch (event.type) {
    case "legEnded": {
      const isGone = event.cause === "normal" || event.by === "remote";
      const answered = builder.call.answeredAtMs !== undefined;
      const cause = !isGone ? event.cause : answered ? "normal" : "cancelled";
      const by = event.by === "remote" ? "caller" : "system";
      const reason = stage.entry.callback === undefined ? {} : { reason: "callback" };
      endCall(builder, { end: { ...endOf(event), cause }, by, gone: event.legId, ...reason });
      return;
    }
    case "legHeld":
    case "legUnheld":
      builder.change({ stage: { ...stage, holds: holdsAfter(stage.holds, event) } });
      return;
    case "playbackFinished":
      goOnSpeaking(builder, event.playbackId, around);
      if (stage.entry.callback !== undefined) endConfirmed(builder);
      return;
    case "dtmfReceived":
      if (event.digit === callbackKey) requestCallback(builder, stage, around);
      return;
    default:
      return;
  }
}

/** The caller has heard that he is called back. */
export function endConfirmed(builder: DecisionBuilder): void {
  const { stage } = builder.call;
  if (stage.at !== "queued" || stage.speech !== undefined) return;
  endCall(builder, { end: { cause: "normal" }, by: "system", reason: "callback" });
}
