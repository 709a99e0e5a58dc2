import type { LegId } from "@pbx-x/telephony";
import type { Call, CallStage, Hold } from "./call.ts";
import { type Decision, DecisionBuilder, type DecisionContext } from "./decision.ts";
import { holdersOf } from "./holders.ts";
import { wireParty } from "./wire-party.ts";

type Connected = Extract<CallStage, { at: "connected" }>;

export interface HoldSurroundings {
  /** The engine can play music to who is held. */
  readonly hasHoldMusic: boolean;
}

/** `hold` by command: the voice is taken apart here, whatever the phone knows of it ([C20]). */
export function decideHold(call: Call, legId: LegId, around: HoldSurroundings, context: DecisionContext): Decision {
  const builder = new DecisionBuilder(call, context);
  beginHold(builder, { legId, by: "command" }, around);
  return builder.build();
}

/** `unhold` of a hold that was made by command. */
export function decideUnhold(call: Call, legId: LegId, around: HoldSurroundings, context: DecisionContext): Decision {
  const builder = new DecisionBuilder(call, context);
  endHold(builder, legId, around);
  return builder.build();
}

/** Told once per party, however many ways it holds ([C20]). */
export function beginHold(builder: DecisionBuilder, hold: Hold, { hasHoldMusic }: HoldSurroundings): void {
  const { stage } = builder.call;
  if (stage.at !== "connected") return;
  if (stage.holds.some(({ legId, by }) => legId === hold.legId && by === hold.by)) return;
  const wasHolding = isHolding(stage, hold.legId);
  if (hold.by === "command") builder.perform({ op: "leave", bridgeId: stage.bridgeId, legId: hold.legId });
  if (hasHoldMusic && !wasHolding) builder.perform({ op: "holdMusic", legId: otherOf(stage, hold.legId), isOn: true });
  builder.change({ stage: { ...stage, holds: [...stage.holds, hold] } });
  if (wasHolding) return;
  builder.enter("hold").emit("CALL_HELD", "held", {
    heldBy: wireParty(builder.call[sideOfLeg(stage, hold.legId)]),
    holders: holdersOf(builder.call),
  });
}

/** All holds of one party end: who resumes at the phone wants to talk, however the call was held. */
export function endHold(builder: DecisionBuilder, legId: LegId, { hasHoldMusic }: HoldSurroundings): void {
  const { stage } = builder.call;
  if (stage.at !== "connected" || !isHolding(stage, legId)) return;
  const wasByCommand = stage.holds.some((hold) => hold.legId === legId && hold.by === "command");
  const holds = stage.holds.filter((hold) => hold.legId !== legId);
  if (hasHoldMusic) builder.perform({ op: "holdMusic", legId: otherOf(stage, legId), isOn: false });
  if (wasByCommand) builder.perform({ op: "join", bridgeId: stage.bridgeId, legId, mode: "talk" });
  builder.change({ stage: { ...stage, holds } });
  if (holds.length > 0) return;
  builder.enter("talk").emit("CALL_UNHELD", "answered", { unheldBy: wireParty(builder.call[sideOfLeg(stage, legId)]) });
}

export function isHolding(stage: Connected, legId: LegId): boolean {
  return stage.holds.some((hold) => hold.legId === legId);
}

/** The phone itself holds; only it can resume ([C21]). */
export function isHeldAtDevice(stage: Connected, legId: LegId): boolean {
  return stage.holds.some((hold) => hold.legId === legId && hold.by === "device");
}

export function otherOf(stage: Connected, legId: LegId): LegId {
  return legId === stage.callerLegId ? stage.calleeLegId : stage.callerLegId;
}

function sideOfLeg(stage: Connected, legId: LegId): "caller" | "callee" {
  return legId === stage.callerLegId ? "caller" : "callee";
}
