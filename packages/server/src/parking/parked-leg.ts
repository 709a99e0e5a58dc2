import type { CallStage } from "../calls/call.ts";
import type { DecisionBuilder } from "../calls/decision.ts";
import { endCall } from "../calls/end-call.ts";
import { endOf, type LegEvent } from "../calls/leg-event.ts";
import { tellKey } from "../calls/tell-key.ts";
import { holdsAfter } from "../calls/waiting-holds.ts";

/** The parked party's phone: it may hang up, which frees the slot ([C41]), or hold by itself. */
export function whileParked(
  builder: DecisionBuilder,
  stage: Extract<CallStage, { at: "parked" }>,
  event: LegEvent,
): void {
  if (event.legId !== stage.callerLegId) return;
  switch (event.type) {
    case "legEnded":
      endCall(builder, { end: endOf(event), by: event.by === "remote" ? "caller" : "system", gone: event.legId });
      return;
    case "dtmfReceived":
      tellKey(builder, event.digit, "caller", "parked");
      return;
    case "legHeld":
    case "legUnheld":
      builder.change({ stage: { ...stage, holds: holdsAfter(stage.holds, event) } });
      return;
    default:
      return;
  }
}
