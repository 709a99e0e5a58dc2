import type { LegId } from "@pbx-x/telephony";
import { type Call, type Fork, isHere, type Party } from "./call.ts";

/** One device's part in a call, as the events show it ([C2]); a party outside has no number here. */
export interface WireLeg {
  readonly legId: string;
  readonly side: "caller" | "callee";
  readonly state: "dialling" | "ringing" | "answered" | "held";
  readonly number?: string;
  readonly extensionId?: string;
  readonly canAnswerRemotely?: boolean;
  readonly isMuted?: true;
}

type Side = WireLeg["side"];

/**
 * The legs of a call ([C2]): devices that are rung, and who is connected. Not the phone that only waits for the outcome of
 * its transfer, nor one that rings to take the call, nor who listens in.
 */
export function wireLegsOf(call: Call): readonly WireLeg[] {
  const { stage } = call;
  if (stage.at === "ended") return [];
  if (stage.at === "originating") return rung(stage.fork, "caller", call.caller);
  const legs: WireLeg[] = [];
  const holds = "holds" in stage ? (stage.holds ?? []) : [];
  const connected = (legId: LegId, side: Side, party: Party): WireLeg => {
    const isHolding = !isHere(call, legId) || holds.some((hold) => hold.legId === legId);
    // In a conference its participants say so.
    const isMuted = stage.at !== "conference" && call.muted?.includes(legId) === true;
    return { legId, side, state: isHolding ? "held" : "answered", ...who(party), ...(isMuted && { isMuted }) };
  };
  const isDialling = stage.at === "dialling" && !stage.isCallerAnswered;
  if (isDialling) legs.push({ legId: stage.callerLegId, side: "caller", state: "dialling", ...who(call.caller) });
  else legs.push(connected(stage.callerLegId, "caller", call.caller));
  if ("calleeLegId" in stage) legs.push(connected(stage.calleeLegId, "callee", call.callee));
  if ("fork" in stage) legs.push(...rung(stage.fork, "callee", call.callee));
  return legs;
}

/** Whether both say the same. */
export function areSameLegs(some: readonly WireLeg[], others: readonly WireLeg[]): boolean {
  return some.length === others.length && some.every((leg, index) => isSame(leg, others[index]));
}

function isSame(one: WireLeg, other: WireLeg | undefined): boolean {
  return (
    one.legId === other?.legId &&
    one.side === other.side &&
    one.state === other.state &&
    one.number === other.number &&
    one.extensionId === other.extensionId &&
    one.canAnswerRemotely === other.canAnswerRemotely &&
    one.isMuted === other.isMuted
  );
}

function rung({ legs }: Fork, side: Side, party: Party): readonly WireLeg[] {
  return legs
    .filter(({ status }) => status !== "ended")
    .map(({ legId, status, allowsRemoteAnswer }) => ({
      legId,
      side,
      state: status === "dialling" ? "dialling" : "ringing",
      ...who(party),
      canAnswerRemotely: allowsRemoteAnswer,
    }));
}

function who({ number, extensionId }: Party): Pick<WireLeg, "number" | "extensionId"> {
  return extensionId === undefined ? {} : { number, extensionId };
}
