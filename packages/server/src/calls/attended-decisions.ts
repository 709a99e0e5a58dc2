import type { LegId, TransferRequestId } from "@pbx-x/telephony";
import { goIn } from "../conferences/enter-conference.ts";
import { type Call, type CallStage, type Hold, isHere, type Party } from "./call.ts";
import { callDataField, mergedCallData } from "./call-data.ts";
import { showParty } from "./connected-line.ts";
import { DecisionBuilder, type DecisionContext, type Step } from "./decision.ts";
import { withParty } from "./parties.ts";
import { closeCall } from "./end-call.ts";
import { type Connected, otherOf, sideOfLeg, stopWaitingTone, tellHeld } from "./hold-decisions.ts";
import { emitRinging, queueField } from "./ringing.ts";
import { returnedLeg, sharedLeg } from "./shared-leg.ts";
import { changeSound, type SoundSurroundings, soundOf } from "./sound.ts";
import { settleRequest } from "./transfer-request.ts";
import { wireParty } from "./wire-party.ts";

export interface AttendedTransfer {
  /** The call that goes on, and the transferor's leg in it. */
  readonly survivor: Call;
  readonly survivorLegId: LegId;
  /** The consultation, answered or still ringing, and the transferor's leg in it; may be the same leg. */
  readonly consultation: Call;
  readonly consultationLegId: LegId;
  readonly transferId: string;
  /** Set where the transferor's phone asked: which request, and on which leg. */
  readonly request?: { readonly transferRequestId: TransferRequestId; readonly legId: LegId };
  /** The transferor's leg that is gone already. */
  readonly gone?: LegId;
}

/** Whom the survivor gets instead of the transferor. */
type Target =
  | { readonly kind: "talks"; readonly legId: LegId; readonly party: Party; readonly stage: Connected }
  | { readonly kind: "room"; readonly party: Party; readonly stage: Extract<CallStage, { at: "conference" }> }
  | { readonly kind: "rings"; readonly party: Party; readonly stage: Extract<CallStage, { at: "dialling" }> };

/**
 * Joins the served party with the one consulted ([C32]): the survivor is told to be transferred, the consultation to be
 * merged, then the survivor to be answered (or to ring); in one batch. Nothing where the calls do not fit.
 */
export function decideAttendedTransfer(
  transfer: AttendedTransfer,
  around: SoundSurroundings,
  context: DecisionContext,
): readonly Step[] {
  const { survivor, survivorLegId, consultation, transferId, request } = transfer;
  const { stage } = survivor;
  const target = targetOf(transfer);
  if (stage.at !== "connected" || target === undefined) return [];
  // Both calls lead to the same phone, which asked the transferor: nobody is there to be joined with.
  if (target.kind === "talks" && target.legId === otherOf(stage, survivorLegId)) return [];
  // Who is away in a call of his own cannot be brought anywhere.
  if (target.kind === "room" && !isHere(survivor, otherOf(stage, survivorLegId))) return [];
  const transferorSide = sideOfLeg(stage, survivorLegId);
  const by = survivor[transferorSide];
  const served = survivor[transferorSide === "caller" ? "callee" : "caller"];

  const told = new DecisionBuilder(survivor, context);
  told
    .change({
      caller: served,
      callee: target.party,
      transfer: { transferId, type: "attended", by, target: target.party, ...(request !== undefined && { request }) },
      forwards: consultation.forwards,
      forwardedFrom: consultation.forwardedFrom,
      isRecall: false,
      // Who was picking the consultation up gets the call.
      pickUp: consultation.pickUp,
      participants: withParty(survivor, target.party),
      data: mergedCallData(survivor.data, consultation.data),
      muted: [...(survivor.muted ?? []), ...(consultation.muted ?? [])],
      shared: sharedAfter(transfer, target),
    })
    .emit("CALL_TRANSFERRED", "transferred", {
      transferType: "attended",
      transferredBy: wireParty(by),
      transferTarget: wireParty(target.party),
      transferId,
      originalCaller: wireParty(survivor.caller),
      caller: wireParty(served),
      callee: wireParty(target.party),
      consultCallId: consultation.callId,
    });
  const before = { before: survivor, decision: told.build() };

  const merged = new DecisionBuilder(consultation, context);
  // A phone that passed the consultation on, and waits for the outcome: the call goes on without it.
  settleRequest(merged, "done");
  const end = { cause: "normal" } as const;
  closeCall(merged, { end, by: "system", reason: "merged", mergedInto: survivor.callId });

  const joined = new DecisionBuilder(before.decision.call, context);
  const servedLegId = otherOf(stage, survivorLegId);
  if (target.kind === "talks") join(joined, { transfer, stage, servedLegId, target }, around);
  else if (target.kind === "room") enterRoom(joined, { transfer, stage, servedLegId, target }, around);
  else ringOn(joined, { transfer, stage, servedLegId, target }, around);
  return [
    before,
    { before: consultation, decision: merged.build() },
    { before: before.decision.call, decision: joined.build() },
  ];
}

function targetOf({ consultation, consultationLegId }: AttendedTransfer): Target | undefined {
  const { stage } = consultation;
  if (stage.at === "connected") {
    const side = sideOfLeg(stage, consultationLegId);
    const party = consultation[side === "caller" ? "callee" : "caller"];
    return { kind: "talks", legId: otherOf(stage, consultationLegId), party, stage };
  }
  if (stage.at !== "dialling" && stage.at !== "conference") return undefined;
  if (stage.callerLegId !== consultationLegId) return undefined;
  if (stage.at === "conference") return { kind: "room", party: consultation.callee, stage };
  return { kind: "rings", party: consultation.callee, stage };
}

/** The transferor's link ends; one that the target's leg has to a consultation of its own comes along. */
function sharedAfter(
  { survivor, survivorLegId, consultation, consultationLegId }: AttendedTransfer,
  target: Target,
): Call["shared"] {
  const kept = survivor.shared.filter(({ legId }) => legId !== survivorLegId);
  const coming = consultation.shared.filter(({ legId }) => legId !== consultationLegId);
  return target.kind === "talks" ? [...kept, ...coming] : kept;
}

interface Joining<Kind extends Target["kind"]> {
  readonly transfer: AttendedTransfer;
  /** The survivor's, before. */
  readonly stage: Connected;
  readonly servedLegId: LegId;
  readonly target: Extract<Target, { kind: Kind }>;
}

function join(
  builder: DecisionBuilder,
  { transfer, stage, servedLegId, target }: Joining<"talks">,
  around: SoundSurroundings,
): void {
  const holds: readonly Hold[] = [
    ...stage.holds.filter(({ legId }) => legId === servedLegId),
    ...target.stage.holds.filter(({ legId }) => legId === target.legId),
  ];
  const { bridgeId } = stage;
  const before = new Map([...soundOf(transfer.survivor), ...soundOf(transfer.consultation)]);
  if (transfer.gone !== undefined) before.delete(transfer.gone);
  const stay = [servedLegId, target.legId];
  const tone = [stage.waitingTone, target.stage.waitingTone].find(
    (one) => one !== undefined && stay.includes(one.legId),
  );
  if (tone !== stage.waitingTone) stopTone(builder, stage);
  builder.change({
    stage: {
      at: "connected",
      callerLegId: servedLegId,
      calleeLegId: target.legId,
      bridgeId,
      holds,
      ...(tone !== undefined && { waitingTone: tone }),
    },
  });
  changeSound(builder, before, soundOf(builder.call), around);
  showParty(builder, servedLegId, builder.call.callee);
  showParty(builder, target.legId, builder.call.caller);
  settleRequest(builder, "done");
  letGo(builder, transfer);
  builder
    .perform({ op: "destroyBridge", bridgeId: target.stage.bridgeId })
    .change({ transfer: undefined })
    .enter("talk")
    .emit("CALL_ANSWERED", "answered", {
      answeredBy: wireParty(builder.call.callee),
      ...queueField(builder),
      ...callDataField(builder.call),
    });
  for (const legId of new Set(holds.map((hold) => hold.legId))) tellHeld(builder, legId);
}

/** The served party takes the transferor's place in the room, or at its door ([V27]). */
function enterRoom(
  builder: DecisionBuilder,
  { transfer, stage, servedLegId, target }: Joining<"room">,
  around: SoundSurroundings,
): void {
  stopTone(builder, stage);
  const before = new Map(soundOf(transfer.survivor));
  if (transfer.gone !== undefined) before.delete(transfer.gone);
  changeSound(builder, before, new Map(), around);
  builder.perform({ op: "destroyBridge", bridgeId: stage.bridgeId });
  showParty(builder, servedLegId, target.party);
  settleRequest(builder, "done");
  letGo(builder, transfer);
  goIn(builder, target.party, {
    at: "conference",
    callerLegId: servedLegId,
    conferenceId: target.stage.conferenceId,
    holds: stage.holds.filter(({ legId }) => legId === servedLegId),
    inPlaceOf: transfer.consultation.callId,
  });
}

/** The target still rings: the served party hears that, and comes back to the transferor if nobody takes it ([C31]). */
function ringOn(
  builder: DecisionBuilder,
  { transfer, stage, servedLegId, target }: Joining<"rings">,
  around: SoundSurroundings,
): void {
  const { fork, bridgeId, ringbackId } = target.stage;
  stopTone(builder, stage);
  const before = new Map(soundOf(transfer.survivor));
  if (transfer.gone !== undefined) before.delete(transfer.gone);
  changeSound(builder, before, new Map(), around);
  builder.perform({ op: "destroyBridge", bridgeId: stage.bridgeId });
  if (ringbackId !== undefined) builder.perform({ op: "stopPlayback", playbackId: ringbackId });
  if (bridgeId !== undefined) builder.perform({ op: "destroyBridge", bridgeId });
  letGo(builder, transfer);
  const holds = stage.holds.filter(({ legId }) => legId === servedLegId);
  builder.enter("ring").change({
    stage: { at: "dialling", callerLegId: servedLegId, isCallerAnswered: true, fork, isRinging: false, holds },
  });
  emitRinging(builder);
}

function stopTone(builder: DecisionBuilder, { waitingTone }: Connected): void {
  if (waitingTone !== undefined) stopWaitingTone(builder, waitingTone.legId);
}

/** The transferor's legs end, but for the one whose phone waits for the outcome, and one that a third call shares. */
function letGo(builder: DecisionBuilder, transfer: AttendedTransfer): void {
  const { survivor, survivorLegId, consultation, consultationLegId, gone } = transfer;
  const waits = builder.call.transfer?.request?.legId;
  const legs = new Map([
    [survivorLegId, survivor],
    [consultationLegId, consultation],
  ]);
  for (const [legId, call] of legs) {
    const returned = returnedLeg(call, legId);
    const isOfThird = returned !== undefined && ![survivor.callId, consultation.callId].includes(returned.callId);
    if (isOfThird) builder.giveBack(returned);
    else if (legId !== gone && legId !== waits) builder.perform({ op: "hangup", legId, cause: "normal" });
  }
}

/** Calls that shared a leg with the consultation share it with the survivor now. */
export function relinkedSteps(
  { survivor, consultation, consultationLegId }: AttendedTransfer,
  callOf: (callId: string) => Call | undefined,
  context: DecisionContext,
): readonly Step[] {
  return consultation.shared.flatMap(({ legId, callId }): readonly Step[] => {
    // What the survivor itself shared with the consultation it gets back.
    const isOwn = legId === consultationLegId || callId === survivor.callId;
    const other = isOwn ? undefined : callOf(callId);
    if (other === undefined || sharedLeg(other, legId) === undefined) return [];
    const builder = new DecisionBuilder(other, context);
    const shared = other.shared.map((link) => (link.legId === legId ? { ...link, callId: survivor.callId } : link));
    return [{ before: other, decision: builder.change({ shared }).build() }];
  });
}
