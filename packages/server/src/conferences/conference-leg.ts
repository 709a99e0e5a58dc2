import type { CallStage } from "../calls/call.ts";
import type { DecisionBuilder } from "../calls/decision.ts";
import { endCall } from "../calls/end-call.ts";
import { endOf, type LegEvent } from "../calls/leg-event.ts";
import { holdsAfter } from "../calls/waiting-holds.ts";

/** What happens at a phone in a conference. Its keys are a PIN or orders to the conference: the call's events never tell them. */
export function whileInConference(
  builder: DecisionBuilder,
  stage: Extract<CallStage, { at: "conference" }>,
  event: LegEvent,
): void {
  if (event.legId !== stage.callerLegId) return;
  switch (event.type) {
    case "legEnded":
      endCall(builder, { end: endOf(event), by: event.by === "remote" ? "caller" : "system", gone: event.legId });
      return;
    case "legHeld":
    case "legUnheld":
      builder.change({ stage: { ...stage, holds: holdsAfter(stage.holds, event) } });
      return;
    default:
      return;
  }
}
