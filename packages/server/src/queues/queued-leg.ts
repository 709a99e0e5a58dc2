import type { DecisionBuilder } from "../calls/decision.ts";
import { endCall } from "../calls/end-call.ts";
import { endOf, type LegEvent, type LegSurroundings } from "../calls/leg-event.ts";
import { holdsAfter } from "../calls/waiting-holds.ts";
import { whileOffered } from "./offer-decisions.ts";
import type { QueuedStage } from "./queue-entry.ts";
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
      endCall(builder, { end: { ...endOf(event), cause }, by, gone: event.legId });
      return;
    }
    case "legHeld":
    case "legUnheld":
      builder.change({ stage: { ...stage, holds: holdsAfter(stage.holds, event) } });
      return;
    case "playbackFinished":
      goOnSpeaking(builder, event.playbackId, around);
      return;
    default:
      return;
  }
}
