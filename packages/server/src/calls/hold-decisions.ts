import type { LegId } from "@pbx-x/telephony";
import type { Call, CallStage, Hold } from "./call.ts";
import { type Decision, DecisionBuilder, type DecisionContext } from "./decision.ts";
import { holdersOf } from "./holders.ts";
import { changeSound, type SoundSurroundings, soundOf } from "./sound.ts";
import { wireParty } from "./wire-party.ts";

export type Connected = Extract<CallStage, { at: "connected" }>;
type Dialling = Extract<CallStage, { at: "dialling" }>;

/** `hold` by command: the voice is taken apart here, whatever the phone knows of it ([C20]). */
export function decideHold(call: Call, legId: LegId, around: SoundSurroundings, context: DecisionContext): Decision {
  const builder = new DecisionBuilder(call, context);
  beginHold(builder, { legId, by: "command" }, around);
  return builder.build();
}

/** `unhold` of a hold that was made by command. */
export function decideUnhold(call: Call, legId: LegId, around: SoundSurroundings, context: DecisionContext): Decision {
  const builder = new DecisionBuilder(call, context);
  endHold(builder, legId, around);
  return builder.build();
}

/** The phone has resumed because the call goes on being held by command: nobody is told, nothing else is heard ([C23]). */
export function decideDeviceResumed(
  call: Call,
  legId: LegId,
  around: SoundSurroundings,
  context: DecisionContext,
): Decision {
  const builder = new DecisionBuilder(call, context);
  const { stage } = call;
  if (stage.at !== "connected" || !isHeldAtDevice(stage, legId)) return builder.build();
  const others = stage.holds.filter((hold) => hold.legId !== legId);
  builder.change({ stage: { ...stage, holds: [...others, { legId, by: "command" }] } });
  changeSound(builder, soundOf(call), soundOf(builder.call), around);
  return builder.build();
}

/** Told once per party, however many ways it holds ([C20]). */
export function beginHold(builder: DecisionBuilder, hold: Hold, around: SoundSurroundings): void {
  const { stage } = builder.call;
  if (stage.at !== "connected") return;
  if (stage.holds.some(({ legId, by }) => legId === hold.legId && by === hold.by)) return;
  const wasHolding = isHolding(stage, hold.legId);
  const before = soundOf(builder.call);
  builder.change({ stage: { ...stage, holds: [...stage.holds, hold] } });
  changeSound(builder, before, soundOf(builder.call), around);
  if (!wasHolding) tellHeld(builder, hold.legId);
}

/** All holds of one party end: who resumes at the phone wants to talk, however the call was held. */
export function endHold(builder: DecisionBuilder, legId: LegId, around: SoundSurroundings): void {
  const { stage } = builder.call;
  if (stage.at !== "connected" || !isHolding(stage, legId)) return;
  const before = soundOf(builder.call);
  stopWaitingTone(builder, legId);
  const now = builder.call.stage;
  if (now.at !== "connected") return;
  const holds = now.holds.filter((hold) => hold.legId !== legId);
  builder.change({ stage: { ...now, holds } });
  changeSound(builder, before, soundOf(builder.call), around);
  const [still] = holds;
  if (still !== undefined) {
    tellHeld(builder, still.legId);
    return;
  }
  builder.enter("talk").emit("CALL_UNHELD", "answered", { unheldBy: wireParty(builder.call[sideOfLeg(stage, legId)]) });
}

/** Who holds; also told of the one who still does when the other of two has resumed ([C22]). */
export function tellHeld(builder: DecisionBuilder, legId: LegId): void {
  const { stage } = builder.call;
  if (stage.at !== "connected") return;
  builder.enter("hold").emit("CALL_HELD", "held", {
    heldBy: wireParty(builder.call[sideOfLeg(stage, legId)]),
    holders: holdersOf(builder.call),
  });
}

/** What a leg heard whose consultation had ended ([C36]). */
export function stopWaitingTone(builder: DecisionBuilder, legId: LegId): void {
  const { stage } = builder.call;
  if (stage.at !== "connected" || stage.waitingTone?.legId !== legId) return;
  const { waitingTone, ...rest } = stage;
  builder.perform({ op: "stopPlayback", playbackId: waitingTone.playbackId }).change({ stage: rest });
}

export function isHolding(stage: Connected, legId: LegId): boolean {
  return stage.holds.some((hold) => hold.legId === legId);
}

/** The phone itself holds; only it can resume ([C21]). */
export function isHeldAtDevice({ holds }: Pick<Dialling | Connected, "holds">, legId: LegId): boolean {
  return (holds ?? []).some((hold) => hold.legId === legId && hold.by === "device");
}

export function otherOf(stage: Connected, legId: LegId): LegId {
  return legId === stage.callerLegId ? stage.calleeLegId : stage.callerLegId;
}

export function sideOfLeg(stage: Connected, legId: LegId): "caller" | "callee" {
  return legId === stage.callerLegId ? "caller" : "callee";
}
