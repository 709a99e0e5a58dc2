import type { LegEndCause, LegId, PlaybackId } from "@pbx-x/telephony";
import type { Call, SharedLeg } from "./call.ts";
import { showParty } from "./connected-line.ts";
import { type Decision, DecisionBuilder, type DecisionContext, type ReturnedLeg } from "./decision.ts";
import {
  beginHold,
  endHold,
  isHeldAtDevice,
  isHolding,
  otherOf,
  sideOfLeg,
  stopWaitingTone,
  tellHeld,
} from "./hold-decisions.ts";
import { changeSound, type SoundSurroundings, soundOf } from "./sound.ts";

/** The link of a leg to the other call that it also belongs to ([C35]). */
export function sharedLeg(call: Call, legId: LegId): SharedLeg | undefined {
  return call.shared.find((link) => link.legId === legId);
}

/** The leg goes to the other call; this one is held by it until it comes back ([C32]). */
export function lend(builder: DecisionBuilder, legId: LegId, callId: string, around: SoundSurroundings): void {
  const { stage } = builder.call;
  if (stage.at !== "connected") return;
  const wasHolding = isHolding(stage, legId);
  const before = soundOf(builder.call);
  stopWaitingTone(builder, legId);
  const now = builder.call.stage;
  if (now.at !== "connected") return;
  const others = now.holds.filter((hold) => hold.legId !== legId);
  builder.change({
    stage: { ...now, holds: [...others, { legId, by: "command" }] },
    shared: relinked(builder.call, { legId, callId, isHere: false }),
  });
  changeSound(builder, before, soundOf(builder.call), around);
  if (!wasHolding) tellHeld(builder, legId);
}

/** The leg comes back from the other call, which keeps its link, and talks here again ([W48]). */
export function takeBack(builder: DecisionBuilder, legId: LegId, around: SoundSurroundings): void {
  const link = sharedLeg(builder.call, legId);
  if (link !== undefined) {
    const before = soundOf(builder.call);
    builder.change({ shared: relinked(builder.call, { ...link, isHere: true }) });
    changeSound(builder, before, soundOf(builder.call), around);
  }
  showOther(builder, legId);
  endHold(builder, legId, around);
}

/** Lets a leg of the call go: hung up, or left to the other call that shares it. */
export function releaseLeg(
  builder: DecisionBuilder,
  legId: LegId,
  cause: LegEndCause,
  gone?: LegId,
  explanation?: string,
): void {
  const returned = returnedLeg(builder.call, legId);
  if (returned !== undefined) {
    builder.change({ shared: builder.call.shared.filter((link) => link.legId !== legId) }).giveBack(returned);
  } else if (legId !== gone) {
    builder.perform({ op: "hangup", legId, cause, ...(explanation !== undefined && { explanation }) });
  }
}

/** What the other call has to know of a leg that it gets back. */
export function returnedLeg(call: Call, legId: LegId): ReturnedLeg | undefined {
  const link = sharedLeg(call, legId);
  if (link === undefined) return undefined;
  const { stage, transfer } = call;
  const request = transfer?.request?.legId === legId ? transfer.request : undefined;
  const isHeld = request?.isHeldAtDevice ?? ("holds" in stage && isHeldAtDevice(stage, legId));
  return {
    callId: link.callId,
    legId,
    hasMusic: soundOf(call).get(legId)?.hasMusic === true,
    isHeldAtDevice: link.isHere && isHeld,
  };
}

/** The other call is over, or has let the leg go: it is this call's alone again. Where it was away, it is back, and holds. */
export function returnLeg(builder: DecisionBuilder, returned: ReturnedLeg, around: SoundSurroundings): boolean {
  const { legId, hasMusic, isHeldAtDevice: isHeld } = returned;
  const link = sharedLeg(builder.call, legId);
  if (link === undefined) return false;
  if (hasMusic && around.hasHoldMusic) builder.perform({ op: "holdMusic", legId, isOn: false });
  const before = soundOf(builder.call);
  builder.change({ shared: builder.call.shared.filter((other) => other.legId !== legId) });
  if (link.isHere) return false;
  changeSound(builder, before, soundOf(builder.call), around);
  showOther(builder, legId);
  if (isHeld) beginHold(builder, { legId, by: "device" }, around);
  return true;
}

/** The phone hears that nobody is there any more, until its user takes the held call back ([C36]). */
export function decideReturned(
  call: Call,
  returned: ReturnedLeg,
  around: SoundSurroundings,
  context: DecisionContext,
): Decision {
  const builder = new DecisionBuilder(call, context);
  const { legId } = returned;
  if (returnLeg(builder, returned, around)) {
    const { stage } = builder.call;
    if (stage.at === "connected" && soundOf(builder.call).get(legId)?.hasMusic !== true) {
      const playbackId = builder.newId<PlaybackId>();
      builder
        .perform({ op: "play", legId, playbackId, source: { kind: "tone", tone: "busy" } })
        .change({ stage: { ...stage, waitingTone: { legId, playbackId } } });
    }
  }
  return builder.build();
}

/** The phone shows whom it is connected with in this call. */
function showOther(builder: DecisionBuilder, legId: LegId): void {
  const { stage } = builder.call;
  if (stage.at === "connected") showParty(builder, legId, builder.call[sideOfLeg(stage, otherOf(stage, legId))]);
}

function relinked({ shared }: Call, link: SharedLeg): Call["shared"] {
  return [...shared.filter(({ legId }) => legId !== link.legId), link];
}
