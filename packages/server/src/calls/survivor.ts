import type { LegId } from "@pbx-x/telephony";
import type { AttendedTransfer } from "./attended-decisions.ts";
import type { Call } from "./call.ts";

export interface PartyLeg {
  readonly call: Call;
  readonly legId: LegId;
}

type Pair = Pick<AttendedTransfer, "survivor" | "survivorLegId" | "consultation" | "consultationLegId">;

/**
 * Which of two calls of one phone goes on when it joins them ([C32]): the one whose far party is served. That is the one
 * that a consultation was begun for; else the only one that is answered, else the only one in which the phone was called;
 * else the older. Undefined where the legs are not of the same extension, or not of two calls.
 */
export function survivorOf(one: PartyLeg, two: PartyLeg): Pair | undefined {
  const extensionId = extensionOf(one);
  if (one.call.callId === two.call.callId || extensionId === undefined || extensionId !== extensionOf(two)) {
    return undefined;
  }
  const [served, consulted] = isServed(one, two) ? [one, two] : [two, one];
  return {
    survivor: served.call,
    survivorLegId: served.legId,
    consultation: consulted.call,
    consultationLegId: consulted.legId,
  };
}

function isServed(one: PartyLeg, two: PartyLeg): boolean {
  if (two.call.consultFor === one.call.callId) return true;
  if (one.call.consultFor === two.call.callId) return false;
  const areAnswered = [one, two].map(({ call }) => call.stage.at === "connected");
  if (areAnswered[0] !== areAnswered[1]) return areAnswered[0] === true;
  const wereCalled = [one, two].map(isCallee);
  if (wereCalled[0] !== wereCalled[1]) return wereCalled[0] === true;
  return one.call.createdAtMs <= two.call.createdAtMs;
}

function isCallee({ call: { stage }, legId }: PartyLeg): boolean {
  return stage.at === "connected" && stage.calleeLegId === legId;
}

/** Whose phone is at a leg that takes part, not one that is only being rung. */
function extensionOf({ call: { stage, caller, callee }, legId }: PartyLeg): string | undefined {
  if (stage.at !== "connected" && stage.at !== "dialling" && stage.at !== "conference") return undefined;
  if (stage.callerLegId === legId) return caller.extensionId;
  return stage.at === "connected" && stage.calleeLegId === legId ? callee.extensionId : undefined;
}
