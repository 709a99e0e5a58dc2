import type { BridgeId, LegId } from "@pbx-x/telephony";
import { type CallStage, isHere, type Party } from "./call.ts";
import { callDataField } from "./call-data.ts";
import { showParty } from "./connected-line.ts";
import type { DecisionBuilder } from "./decision.ts";
import type { CallLimits } from "./dial-destination.ts";
import { tellCalledBack } from "../queues/attempt-outcome.ts";
import { withParty } from "./parties.ts";
import { beginHold } from "./hold-decisions.ts";
import { dropPickUp } from "./pick-up.ts";
import { stopRinging } from "./ring.ts";
import { queueField, tellRinging } from "./ringing.ts";
import type { SoundSurroundings } from "./sound.ts";
import { settleRequest } from "./transfer-request.ts";
import { wireParty } from "./wire-party.ts";

type Dialling = Extract<CallStage, { at: "dialling" }>;

/**
 * A device answered: it talks with the caller, the others of the destination stop ringing ([C12]).
 *
 * @param by who is at that device, where it is not the one that was called ([C44])
 */
export function connect(
  builder: DecisionBuilder,
  stage: Dialling,
  legId: LegId,
  around: SoundSurroundings & { readonly limits: CallLimits },
  by?: Party,
): void {
  // A device may answer without ever having rung; the destination has rung all the same, as far as a panel cares.
  if (!stage.isRinging) tellRinging(builder);
  stopRinging(builder, stage.fork, "answered_elsewhere", legId);
  dropPickUp(builder, "answered_elsewhere", legId);
  if (stage.ringbackId !== undefined) builder.perform({ op: "stopPlayback", playbackId: stage.ringbackId });
  const bridgeId = stage.bridgeId ?? builder.newId<BridgeId>();
  // A phone that is in its consultation at this moment joins when it comes back ([C35]).
  const isCallerHere = isHere(builder.call, stage.callerLegId);
  if (stage.bridgeId === undefined) {
    builder.perform({ op: "createBridge", bridgeId }, { op: "join", bridgeId, legId, mode: "talk" });
    if (isCallerHere) builder.perform({ op: "join", bridgeId, legId: stage.callerLegId, mode: "talk" });
  } else if (stage.fork.legs.every((leg) => leg.legId !== legId)) {
    // The bridge was made for the early media of another device.
    builder.perform({ op: "join", bridgeId, legId, mode: "talk" });
  }
  if (isCallerHere) showParty(builder, stage.callerLegId, by ?? builder.call.callee);
  showParty(builder, legId, builder.call.caller);
  if (!stage.isCallerAnswered) builder.perform({ op: "answer", legId: stage.callerLegId });
  settleRequest(builder, "done");
  const isFirst = builder.call.answeredAtMs === undefined;
  if (isFirst) builder.schedule("maximum_duration", around.limits.maximumDurationMs);
  builder
    .change({
      stage: { at: "connected", callerLegId: stage.callerLegId, calleeLegId: legId, bridgeId, holds: [] },
      answeredAtMs: builder.call.answeredAtMs ?? builder.nowMs,
      transfer: undefined,
      isRecall: false,
      recallReason: undefined,
      ...(by !== undefined && { callee: by, participants: withParty(builder.call, by) }),
    })
    .enter("talk")
    .emit("CALL_ANSWERED", "answered", {
      answeredBy: wireParty(builder.call.callee),
      ...queueField(builder),
      ...callDataField(builder.call),
      ...(by !== undefined && { callee: wireParty(by) }),
    });
  // Not again, where it comes back to the agent after a transfer.
  if (isFirst) tellCalledBack(builder);
  for (const hold of stage.holds ?? []) beginHold(builder, hold, around);
}
