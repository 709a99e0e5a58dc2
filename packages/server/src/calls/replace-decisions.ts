import type { LegId } from "@pbx-x/telephony";
import type { Call, Party } from "./call.ts";
import { showParty } from "./connected-line.ts";
import { type Decision, DecisionBuilder, type DecisionContext } from "./decision.ts";
import { endHold, isHolding, otherOf, sideOfLeg } from "./hold-decisions.ts";
import { changeSound, type SoundSurroundings, soundOf } from "./sound.ts";

/**
 * A party goes on with another phone of its own, which has just called and is answered now ([C34]). It talks, whatever the
 * former phone held.
 */
export function decideReplaceLeg(
  call: Call,
  { formerLegId, legId }: { readonly formerLegId: LegId; readonly legId: LegId },
  around: SoundSurroundings,
  context: DecisionContext,
): Decision {
  const builder = new DecisionBuilder(call, context);
  if (call.stage.at !== "connected") return builder.build();
  endHold(builder, formerLegId, around);
  const before = soundOf(builder.call);
  const { stage } = builder.call;
  if (stage.at !== "connected") return builder.build();
  const side = sideOfLeg(stage, formerLegId);
  const other = otherOf(stage, formerLegId);
  builder.change({ stage: { ...stage, [side === "caller" ? "callerLegId" : "calleeLegId"]: legId } });
  changeSound(builder, before, soundOf(builder.call), { hasHoldMusic: false });
  showParty(builder, legId, builder.call[side === "caller" ? "callee" : "caller"]);
  builder.perform({ op: "answer", legId });
  // Only an answered leg can hear it.
  if (around.hasHoldMusic && isHolding(stage, other)) builder.perform({ op: "holdMusic", legId, isOn: true });
  return builder.perform({ op: "hangup", legId: formerLegId, cause: "normal" }).build();
}

/** Who may take the place of a leg, and what that means ([C34]). */
export type Replacement =
  /** A ringing call is picked up, as `**200` would. */
  | { readonly kind: "pick_up" }
  /** The same extension goes on with another phone. */
  | { readonly kind: "move" }
  /** The other party of the transferor's call is told by its own means to take the consultation over. */
  | { readonly kind: "transfer"; readonly survivor: Call; readonly survivorLegId: LegId; readonly formerLegId: LegId };

/** Undefined where it is not allowed. */
export function replacementOf(
  call: Call,
  replacedLegId: LegId,
  by: Party,
  callsOf: (extensionId: string) => readonly Call[],
): Replacement | undefined {
  const { stage } = call;
  const { extensionId } = by;
  if (extensionId === undefined) return undefined;
  if (stage.at === "dialling") {
    const isRung = stage.fork.legs.some(({ legId, status }) => legId === replacedLegId && status !== "ended");
    return isRung && call.caller.extensionId !== extensionId ? { kind: "pick_up" } : undefined;
  }
  if (stage.at !== "connected" || call.shared.some(({ legId }) => legId === replacedLegId)) return undefined;
  const replaced = call[sideOfLeg(stage, replacedLegId)];
  if (replaced.extensionId === undefined) return undefined;
  if (replaced.extensionId === extensionId) return { kind: "move" };
  for (const survivor of callsOf(extensionId)) {
    if (survivor.callId === call.callId || survivor.stage.at !== "connected") continue;
    const { callerLegId, calleeLegId } = survivor.stage;
    const parties = [survivor.caller.extensionId, survivor.callee.extensionId];
    if (parties[0] === replaced.extensionId && parties[1] === extensionId) {
      return { kind: "transfer", survivor, survivorLegId: callerLegId, formerLegId: calleeLegId };
    }
    if (parties[1] === replaced.extensionId && parties[0] === extensionId) {
      return { kind: "transfer", survivor, survivorLegId: calleeLegId, formerLegId: callerLegId };
    }
  }
  return undefined;
}
