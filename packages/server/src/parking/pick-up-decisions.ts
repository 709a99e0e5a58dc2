import type { Binding, BridgeId, LegId } from "@pbx-x/telephony";
import type { Call, CallStage, Party, PickUp } from "../calls/call.ts";
import { connect } from "../calls/connect.ts";
import { showParty } from "../calls/connected-line.ts";
import { type Decision, DecisionBuilder, type DecisionContext } from "../calls/decision.ts";
import { withParty } from "../calls/parties.ts";
import { tellHeld } from "../calls/hold-decisions.ts";
import { endOf, type LegEvent, type LegSurroundings } from "../calls/leg-event.ts";
import { dropPickUp } from "../calls/pick-up.ts";
import { isExhausted, ring, updateLeg } from "../calls/ring.ts";
import { changeSound, soundOf } from "../calls/sound.ts";
import { wireParty } from "../calls/wire-party.ts";
import { sendBack } from "./park-decisions.ts";

/** Who takes the call, with the phone that is there already. */
export interface PickedUp {
  readonly by: Party;
  readonly legId: LegId;
  /** The phone dialled here and waits for an answer. */
  readonly isOffered: boolean;
}

/** Rings the phones of who wants a parked or ringing call; the first that answers takes it ([C43]). */
export function decidePickUp(
  call: Call,
  { by, bindings }: { readonly by: Party; readonly bindings: readonly Binding[] },
  around: LegSurroundings,
  context: DecisionContext,
): Decision {
  const builder = new DecisionBuilder(call, context);
  const { stage } = call;
  if (call.pickUp !== undefined || (stage.at !== "parked" && stage.at !== "dialling")) return builder.build();
  const fork = ring(builder, {
    bindings,
    extensionId: by.extensionId ?? "",
    caller: call.caller,
    callee: by,
    isAutoAnswer: true,
    timeoutMs: around.limits.ringTimeoutMs,
    originatorLegId: stage.callerLegId,
  });
  return builder.change({ pickUp: { by, fork, cause: context.cause } }).build();
}

/** A phone is there that takes the call: it dialled the slot, or the code for a ringing call ([C40], [C44]). */
export function decideTake(call: Call, taken: PickedUp, around: LegSurroundings, context: DecisionContext): Decision {
  const builder = new DecisionBuilder(call, context);
  take(builder, taken, around);
  return builder.build();
}

/** What the phones say that were rung for who wants the call. Until one answers, nothing is told. */
export function whilePickingUp(
  call: Call,
  pickUp: PickUp,
  event: LegEvent,
  around: LegSurroundings,
  context: DecisionContext,
): Decision {
  switch (event.type) {
    case "legAnswered": {
      const builder = new DecisionBuilder(call, { ...context, cause: pickUp.cause });
      take(builder, { by: pickUp.by, legId: event.legId, isOffered: false }, around);
      return builder.build();
    }
    case "legEnded": {
      const builder = new DecisionBuilder(call, context);
      const fork = updateLeg(pickUp.fork, event.legId, { status: "ended", end: endOf(event) });
      builder.change({ pickUp: { ...pickUp, fork } });
      if (isExhausted(fork)) giveUp(builder, around);
      return builder.build();
    }
    default:
      return new DecisionBuilder(call, context).build();
  }
}

/** Nobody came: the call goes on as it was, with the time that it has left. */
function giveUp(builder: DecisionBuilder, around: LegSurroundings): void {
  dropPickUp(builder, "cancelled");
  const { stage } = builder.call;
  if (stage.at === "parked" && stage.expiresAtMs <= builder.nowMs) sendBack(builder, around);
}

function take(builder: DecisionBuilder, taken: PickedUp, around: LegSurroundings): void {
  const { stage } = builder.call;
  if (stage.at !== "parked" && stage.at !== "dialling") return;
  if (stage.at === "dialling") connect(builder, stage, taken.legId, around, taken.by);
  else takeOut(builder, stage, taken, around);
  if (taken.isOffered) builder.perform({ op: "answer", legId: taken.legId });
}

function takeOut(
  builder: DecisionBuilder,
  stage: Extract<CallStage, { at: "parked" }>,
  taken: PickedUp,
  around: LegSurroundings,
): void {
  const { callerLegId, slot, holds } = stage;
  dropPickUp(builder, "answered_elsewhere", taken.legId);
  const before = soundOf(builder.call);
  const bridgeId = builder.newId<BridgeId>();
  builder
    .perform({ op: "createBridge", bridgeId })
    .unschedule("parking")
    .enter("talk")
    .change({
      callee: taken.by,
      participants: withParty(builder.call, taken.by),
      stage: { at: "connected", callerLegId, calleeLegId: taken.legId, bridgeId, holds },
    });
  changeSound(builder, before, soundOf(builder.call), around);
  showParty(builder, callerLegId, taken.by);
  showParty(builder, taken.legId, builder.call.caller);
  builder.emit("CALL_UNPARKED", "answered", {
    parkingSlot: slot,
    pickedUpBy: wireParty(taken.by),
    reason: "picked_up",
  });
  if (holds.length > 0) tellHeld(builder, callerLegId);
}
