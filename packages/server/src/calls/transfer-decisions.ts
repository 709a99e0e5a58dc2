import type { LegId, TransferRequestId } from "@pbx-x/telephony";
import type { Call } from "./call.ts";
import { type Decision, DecisionBuilder, type DecisionContext } from "./decision.ts";
import { type Destination, type DialSurroundings, dialDestination } from "./dial-destination.ts";
import { calleeOf, withParty } from "./parties.ts";
import { isHeldAtDevice, otherOf, stopWaitingTone } from "./hold-decisions.ts";
import { emitRinging } from "./ringing.ts";
import { releaseLeg } from "./shared-leg.ts";
import { changeSound, type SoundSurroundings, soundOf } from "./sound.ts";
import { wireParty } from "./wire-party.ts";

/** What a call is passed on to, as looked up at that moment. */
export interface TransferTarget {
  readonly dialled: string;
  readonly destination: Destination;
}

export interface BlindTransfer extends TransferTarget {
  /** The leg of the party that passes the call on. */
  readonly transferorLegId: LegId;
  readonly transferId: string;
  /** The phone that asked by itself: it stays until the outcome is known ([C39]). */
  readonly transferRequestId?: TransferRequestId;
}

/**
 * Passes a connected call on ([C30]): the transferor leaves, the served party hears the target ring. In one batch, so that
 * no client ever sees a call without a destination.
 */
export function decideBlindTransfer(
  call: Call,
  { transferorLegId, transferId, transferRequestId, dialled, destination }: BlindTransfer,
  around: DialSurroundings & SoundSurroundings,
  context: DecisionContext,
): Decision {
  const builder = new DecisionBuilder(call, context);
  const { stage } = call;
  if (stage.at !== "connected") return builder.build();
  const isByCaller = transferorLegId === stage.callerLegId;
  const [by, served] = isByCaller ? [call.caller, call.callee] : [call.callee, call.caller];
  const servedLegId = otherOf(stage, transferorLegId);
  const target = calleeOf(dialled, destination.route);
  stopWaitingTone(builder, servedLegId);
  changeSound(builder, soundOf(call), new Map(), around);
  if (transferRequestId === undefined) releaseLeg(builder, transferorLegId, "normal");
  builder.perform({ op: "destroyBridge", bridgeId: stage.bridgeId });
  const caller = {
    callerLegId: servedLegId,
    isCallerAnswered: true,
    holds: stage.holds.filter(({ legId }) => legId === servedLegId),
  };
  const isHeld = isHeldAtDevice(stage, transferorLegId);
  const request =
    transferRequestId === undefined ? undefined : { transferRequestId, legId: transferorLegId, isHeldAtDevice: isHeld };
  builder
    .enter("ring")
    .change({
      caller: served,
      callee: target,
      transfer: { transferId, type: "blind", by, target, ...(request !== undefined && { request }) },
      forwards: [],
      forwardedFrom: undefined,
      isRecall: false,
      participants: withParty(call, target),
      stage: { at: "dialling", ...caller, fork: { extensionId: "", legs: [] }, isRinging: false },
    })
    .emit("CALL_TRANSFERRED", "transferred", {
      transferType: "blind",
      transferredBy: wireParty(by),
      transferTarget: wireParty(target),
      transferId,
      originalCaller: wireParty(call.caller),
      caller: wireParty(served),
      callee: wireParty(target),
    });
  dialDestination(builder, destination, around, caller);
  emitRinging(builder);
  return builder.build();
}
