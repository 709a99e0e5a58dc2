import type { LegId } from "@pbx-x/telephony";
import type { Call } from "./call.ts";
import { createCall } from "./begin-call.ts";
import { showParty } from "./connected-line.ts";
import { DecisionBuilder, type DecisionContext, type Step } from "./decision.ts";
import { type DialSurroundings, dialDestination } from "./dial-destination.ts";
import { wayTo } from "./dial-outside.ts";
import { endCall } from "./end-call.ts";
import { beginHold, endHold, sideOfLeg } from "./hold-decisions.ts";
import { lend, returnedLeg, returnLeg, sharedLeg, takeBack } from "./shared-leg.ts";
import type { SoundSurroundings } from "./sound.ts";
import type { TransferTarget } from "./transfer-decisions.ts";

type Surroundings = DialSurroundings & SoundSurroundings;

export interface Consultation extends TransferTarget {
  readonly consultCallId: string;
  /** The leg of who asks: it moves into the consultation, the phone need not do anything. */
  readonly legId: LegId;
}

/** Holds a call and begins another one with the same phone ([C32]). */
export function decideConsult(
  call: Call,
  { consultCallId, legId, dialled, destination }: Consultation,
  around: Surroundings,
  context: DecisionContext,
): readonly Step[] {
  if (call.stage.at !== "connected") return [];
  const held = new DecisionBuilder(call, context);
  lend(held, legId, consultCallId, around);
  const caller = { callerLegId: legId, isCallerAnswered: true };
  const asking = call[sideOfLeg(call.stage, legId)];
  const parties = { caller: asking, ...wayTo(dialled, destination.route, asking, around) };
  const begun = createCall({ callId: consultCallId, ...parties, consultation: { for: call, legId } }, context, {
    at: "dialling",
    ...caller,
    fork: { extensionId: parties.callee.extensionId ?? "", legs: [] },
    isRinging: false,
  });
  showParty(begun, legId, parties.callee);
  dialDestination(begun, destination, around, caller);
  return [
    { before: call, decision: held.build() },
    { before: undefined, decision: begun.build() },
  ];
}

/** Two calls of one party: its leg in each, which may be the same one. */
export interface CallPair {
  readonly held: Call;
  readonly heldLegId: LegId;
  readonly other: Call;
  readonly otherLegId: LegId;
}

/** Ends the consultation and takes the held call back ([C33]). A hold that the phone made itself stays until the phone resumes. */
export function decideCancelTransfer(
  { held, heldLegId, other, otherLegId }: CallPair,
  around: SoundSurroundings,
  context: DecisionContext,
): readonly Step[] {
  const ended = new DecisionBuilder(other, context);
  const isAnswered = other.stage.at === "connected" || other.stage.at === "conference";
  const by = other.stage.at === "connected" ? sideOfLeg(other.stage, otherLegId) : "caller";
  endCall(ended, { end: { cause: isAnswered ? "normal" : "cancelled" }, by });
  const back = new DecisionBuilder(held, context);
  const returned = returnedLeg(other, otherLegId);
  if (returned !== undefined) returnLeg(back, returned, around);
  endCommandHold(back, heldLegId, around);
  return [
    { before: other, decision: ended.build() },
    { before: held, decision: back.build() },
  ];
}

/** Holds the call that talks and takes back the other one, in one step ([W48]). */
export function decideSwap(
  { held, heldLegId, other, otherLegId }: CallPair,
  around: SoundSurroundings,
  context: DecisionContext,
): readonly Step[] {
  const paused = new DecisionBuilder(other, context);
  const back = new DecisionBuilder(held, context);
  if (sharedLeg(other, otherLegId) === undefined) {
    beginHold(paused, { legId: otherLegId, by: "command" }, around);
    endCommandHold(back, heldLegId, around);
  } else {
    lend(paused, otherLegId, held.callId, around);
    takeBack(back, heldLegId, around);
  }
  return [
    { before: other, decision: paused.build() },
    { before: held, decision: back.build() },
  ];
}

function endCommandHold(builder: DecisionBuilder, legId: LegId, around: SoundSurroundings): void {
  const { stage } = builder.call;
  if (stage.at !== "connected" || stage.holds.some((hold) => hold.legId === legId && hold.by === "device")) return;
  endHold(builder, legId, around);
}
