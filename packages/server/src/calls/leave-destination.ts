import type { LegId } from "@pbx-x/telephony";
import type { CallStage } from "./call.ts";
import type { DecisionBuilder } from "./decision.ts";
import { dropPickUp } from "./pick-up.ts";
import { stopRinging } from "./ring.ts";

type Dialling = Extract<CallStage, { at: "dialling" }>;

/** The caller's part of a call that is being dialled; it stays whoever is rung next. */
export type CallerSide = Pick<Dialling, "callerLegId" | "isCallerAnswered" | "ringbackId" | "holds">;

/** Gives up a destination, for another one: what still rings there stops, what was heard of it too. */
export function leaveDestination(builder: DecisionBuilder, stage: Dialling, gone: LegId | undefined): CallerSide {
  const { callerLegId, isCallerAnswered, ringbackId, holds, bridgeId, fork } = stage;
  stopRinging(builder, fork, "cancelled", gone);
  dropPickUp(builder, "cancelled");
  if (bridgeId !== undefined) builder.perform({ op: "destroyBridge", bridgeId });
  return {
    callerLegId,
    isCallerAnswered,
    ...(ringbackId !== undefined && { ringbackId }),
    ...(holds !== undefined && { holds }),
  };
}
