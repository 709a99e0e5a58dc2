import type { LegId } from "@pbx-x/telephony";
import type { LegEnd } from "./call.ts";
import { stopMonitors } from "./call-monitor.ts";
import { noteFailedAttempt } from "../queues/attempt-outcome.ts";
import { abandon } from "../queues/leave-queue.ts";
import type { DecisionBuilder } from "./decision.ts";
import { hangupCauseOf, reasonOf, type HangupBy } from "./hangup-cause.ts";
import { phaseSeconds } from "./phases.ts";
import { dropPickUp } from "./pick-up.ts";
import { stopRinging } from "./ring.ts";
import { releaseLeg } from "./shared-leg.ts";
import { settleRequest } from "./transfer-request.ts";
import { wireParty } from "./wire-party.ts";

export interface Ending {
  readonly end: LegEnd;
  readonly by: HangupBy;
  /** Overrules the reason that follows from the cause. */
  readonly reason?: string;
  /** For the person at an unanswered caller's phone. */
  readonly explanation?: string;
  /** The leg that is gone already and needs no hang-up. */
  readonly gone?: LegId;
}

/** Ends the call: the one place that emits `CALL_ENDED` ([C4]). */
export function endCall(builder: DecisionBuilder, ending: Ending): void {
  const { end, by, reason, explanation, gone } = ending;
  const { stage } = builder.call;
  if (stage.at === "originating" || stage.at === "dialling") noteFailedAttempt(builder, ending);
  switch (stage.at) {
    case "originating":
      stopRinging(builder, stage.fork, "cancelled", gone);
      break;
    case "dialling":
      if (stage.ringbackId !== undefined) builder.perform({ op: "stopPlayback", playbackId: stage.ringbackId });
      stopRinging(builder, stage.fork, "cancelled", gone);
      releaseLeg(builder, stage.callerLegId, stage.isCallerAnswered ? "normal" : end.cause, gone, explanation);
      settleRequest(builder, "cancelled");
      if (stage.bridgeId !== undefined) builder.perform({ op: "destroyBridge", bridgeId: stage.bridgeId });
      break;
    case "connected":
      releaseLeg(builder, stage.callerLegId, "normal", gone);
      releaseLeg(builder, stage.calleeLegId, "normal", gone);
      builder.perform({ op: "destroyBridge", bridgeId: stage.bridgeId });
      break;
    case "parked":
      releaseLeg(builder, stage.callerLegId, "normal", gone);
      builder.unschedule("parking");
      break;
    case "conference":
    case "mailbox":
      releaseLeg(builder, stage.callerLegId, "normal", gone);
      break;
    case "queued":
      if (stage.speech !== undefined) builder.perform({ op: "stopPlayback", playbackId: stage.speech.playbackId });
      abandon(builder, stage);
      releaseLeg(builder, stage.callerLegId, "normal", gone);
      break;
    case "ended":
      return;
  }
  dropPickUp(builder, "cancelled", gone);
  closeCall(builder, { end, by, ...(reason !== undefined && { reason }) });
}

/** Closes the books: no leg belongs to the call any more. */
export function closeCall(
  builder: DecisionBuilder,
  { end, by, reason, mergedInto }: Omit<Ending, "gone"> & { readonly mergedInto?: string },
): void {
  const { recording } = builder.call;
  if (recording !== undefined) builder.perform({ op: "stopRecording", recordingId: recording.recordingId });
  stopMonitors(builder);
  const wasParked = builder.call.stage.at === "parked";
  builder
    .enter(builder.call.phase)
    .change({ stage: { at: "ended" }, shared: [], ...(mergedInto !== undefined && { mergedInto }) })
    .unschedule("maximum_duration");
  const { call } = builder;
  const why = reason ?? reasonOf(end.cause);
  builder.emit(
    "CALL_ENDED",
    "ended",
    {
      caller: wireParty(call.caller),
      callee: wireParty(call.callee),
      hangupCause: hangupCauseOf(end.cause),
      hangupBy: by,
      durationSeconds: call.answeredAtMs === undefined ? 0 : Math.floor((builder.nowMs - call.answeredAtMs) / 1000),
      phases: phaseSeconds(call.phases),
      ...(why !== undefined && { reason: why }),
      ...(end.sipCode !== undefined && { sipCode: end.sipCode }),
      ...(end.q850Cause !== undefined && { q850Cause: end.q850Cause }),
      ...(mergedInto !== undefined && { mergedInto }),
    },
    { wasParked },
  );
}
