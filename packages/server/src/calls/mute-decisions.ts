import type { LegId } from "@pbx-x/telephony";
import type { Call } from "./call.ts";
import { type Decision, DecisionBuilder, type DecisionContext } from "./decision.ts";
import { wireParty } from "./wire-party.ts";

export interface Mute {
  readonly legId: LegId;
  readonly isMuted: boolean;
}

/** The engine has muted a leg of the call, or no longer does ([C62]); nothing is told where it was so already. */
export function decideMute(call: Call, { legId, isMuted }: Mute, context: DecisionContext): Decision {
  const builder = new DecisionBuilder(call, context);
  const { muted = [], state } = call;
  const side = sideOf(call, legId);
  if (side === undefined || muted.includes(legId) === isMuted) return builder.build();
  const by = wireParty(call[side]);
  builder.change({ muted: isMuted ? [...muted, legId] : muted.filter((each) => each !== legId) });
  if (isMuted) builder.emit("CALL_MUTED", state, { mutedBy: by });
  else builder.emit("CALL_UNMUTED", state, { unmutedBy: by });
  return builder.build();
}

function sideOf({ stage }: Call, legId: LegId): "caller" | "callee" | undefined {
  if ("calleeLegId" in stage && stage.calleeLegId === legId) return "callee";
  return "callerLegId" in stage && stage.callerLegId === legId ? "caller" : undefined;
}
