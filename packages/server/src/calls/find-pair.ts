import type { LegId } from "@pbx-x/telephony";
import type { CommandContext } from "../realtime/command-handler.ts";
import { type Call, isHere } from "./call.ts";
import type { CallService } from "./call-service.ts";
import { sideOf } from "./command-decisions.ts";
import { findCall, mayControl, notAParty, type Refusal, refuse, stateOf } from "./command-tools.ts";
import type { CallPair } from "./consult-decisions.ts";
import { findParty, invalidState } from "./find-party.ts";
import { otherOf } from "./hold-decisions.ts";
import { sharedLeg } from "./shared-leg.ts";

export type FoundPair = CallPair & { readonly ok: true };

/** Both calls of one party, and its leg in each ([W40]); the first one is answered. */
export function findPair(
  calls: CallService,
  params: { readonly callId: string; readonly consultCallId: string; readonly extensionId?: string },
  context: CommandContext,
  action: "transferAttended" | "cancelTransfer" | "swap" | "conferenceMerge",
): FoundPair | Refusal {
  const found = findParty(calls, params, context, action);
  if (!found.ok) return found;
  const second = findCall(calls, params.consultCallId);
  if (!second.ok) return second;
  const { call: other } = second;
  const side = sideOf(other, params.extensionId ?? context.identity.extensionId);
  if (side === undefined || !mayControl(context.identity, [other[side].extensionId])) return notAParty;
  if (other.callId === found.call.callId) {
    return refuse("INVALID_STATE", "Name two different calls.", { state: stateOf(other), reason: "same_call" });
  }
  const otherLegId = legOfSide(other, side);
  if (otherLegId === undefined) return invalidState(other, "The other call is not answered.", "not_answered");
  return { ok: true, held: found.call, heldLegId: found.legId, other, otherLegId };
}

/** A phone's one connection is between these two calls, or it is in each of them with one of its own ([C35]). */
export function areOnePair({ held, heldLegId, other, otherLegId }: CallPair): boolean {
  const [there, back] = [sharedLeg(held, heldLegId), sharedLeg(other, otherLegId)];
  if (there === undefined && back === undefined) return true;
  return there?.callId === other.callId && back?.callId === held.callId;
}

export function notOnePair({ held }: CallPair): Refusal {
  return invalidState(held, "The phone is between other calls: these two do not belong together.", "not_one_pair");
}

function legOfSide({ stage }: Call, side: "caller" | "callee"): LegId | undefined {
  if (stage.at === "connected") return side === "caller" ? stage.callerLegId : stage.calleeLegId;
  return (stage.at === "dialling" || stage.at === "conference") && side === "caller" ? stage.callerLegId : undefined;
}

export function isOtherAway(call: Call, legId: LegId): boolean {
  return call.stage.at === "connected" && !isHere(call, otherOf(call.stage, legId));
}

export function busyElsewhere(call: Call): Refusal {
  return invalidState(call, "The other party is asking somebody at this moment.", "consulting");
}

/** A phone's connection to a room is not taken away from it and brought back. */
export function inRoom(call: Call): Refusal {
  const message =
    "The other call is in a room: pass the held one on to it (transferAttended) or leave it (cancelTransfer).";
  return invalidState(call, message, "in_conference");
}
