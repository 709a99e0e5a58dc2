import type { LegId } from "@pbx-x/telephony";
import type { Call, Party } from "../calls/call.ts";
import { createCall } from "../calls/begin-call.ts";
import { DecisionBuilder, type DecisionContext, type Step } from "../calls/decision.ts";
import type { DialSurroundings } from "../calls/dial-destination.ts";
import { type Connected, otherOf, sideOfLeg, stopWaitingTone } from "../calls/hold-decisions.ts";
import { releaseLeg } from "../calls/shared-leg.ts";
import { changeSound, type SoundSurroundings, soundOf } from "../calls/sound.ts";
import { wireParty } from "../calls/wire-party.ts";
import type { ConferenceRoom } from "./conference-room.ts";
import { enterConference } from "./enter-conference.ts";

type Surroundings = DialSurroundings & SoundSurroundings;

/** One of the calls whose far party comes into the conference. */
export interface MergedCall {
  readonly call: Call;
  readonly stage: Connected;
  /** Of who brings the far party there. */
  readonly legId: LegId;
  /** The other call, as the events name it. */
  readonly besides: string;
}

export interface Merge {
  readonly room: ConferenceRoom;
  readonly calls: readonly MergedCall[];
  /** The phone's connection that goes on, in a call of its own; not where it is in the conference already. */
  readonly own?: { readonly callId: string; readonly legId: LegId };
}

/**
 * Brings the far parties of somebody's calls into a conference ([V25]): each call goes on, with its far party as caller and
 * the conference at the other side; the phone in the middle gets a call of its own. Connections of it that are not needed
 * any more are hung up.
 */
export function decideMerge(
  { room, calls, own }: Merge,
  around: Surroundings,
  context: DecisionContext,
): readonly Step[] {
  const steps: Step[] = [];
  const [first] = calls;
  if (first !== undefined && own !== undefined) {
    const caller = first.call[sideOfLeg(first.stage, first.legId)];
    const { threadId, data, muted = [] } = first.call;
    const side = { callerLegId: own.legId, isCallerAnswered: true };
    const begun = createCall(
      { callId: own.callId, threadId, data, muted, direction: "internal", caller, callee: partyOf(room) },
      context,
      { at: "dialling", ...side, fork: { extensionId: "", legs: [] }, isRinging: false },
    );
    enterConference(begun, room, around, side);
    steps.push({ before: undefined, decision: begun.build() });
  }
  for (const merged of calls) {
    const builder = new DecisionBuilder(merged.call, context);
    // A connection that asked in the room stays there.
    if (merged.legId !== own?.legId) releaseLeg(builder, merged.legId, "normal");
    bring(builder, merged, room, around);
    steps.push({ before: merged.call, decision: builder.build() });
  }
  return steps;
}

function bring(
  builder: DecisionBuilder,
  { call, stage, legId, besides }: MergedCall,
  room: ConferenceRoom,
  around: Surroundings,
): void {
  const servedLegId = otherOf(stage, legId);
  const by = call[sideOfLeg(stage, legId)];
  const served = call[sideOfLeg(stage, servedLegId)];
  const target = partyOf(room);
  stopWaitingTone(builder, legId);
  stopWaitingTone(builder, servedLegId);
  changeSound(builder, soundOf(call), new Map(), around);
  builder.perform({ op: "destroyBridge", bridgeId: stage.bridgeId });
  const caller = {
    callerLegId: servedLegId,
    isCallerAnswered: true,
    holds: stage.holds.filter((hold) => hold.legId === servedLegId),
  };
  builder
    .change({
      caller: served,
      callee: target,
      forwards: [],
      forwardedFrom: undefined,
      isRecall: false,
      shared: call.shared.filter((link) => link.legId !== legId),
      stage: { at: "dialling", ...caller, fork: { extensionId: "", legs: [] }, isRinging: false },
    })
    .emit("CALL_TRANSFERRED", "transferred", {
      transferType: "attended",
      transferredBy: wireParty(by),
      transferTarget: wireParty(target),
      transferId: builder.newId<string>(),
      originalCaller: wireParty(call.caller),
      caller: wireParty(served),
      callee: wireParty(target),
      consultCallId: besides,
    });
  enterConference(builder, room, around, caller);
}

function partyOf({ number, name }: ConferenceRoom): Party {
  return { number, name };
}
