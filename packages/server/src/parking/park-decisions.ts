import type { LegId } from "@pbx-x/telephony";
import type { Call } from "../calls/call.ts";
import { type Decision, DecisionBuilder, type DecisionContext } from "../calls/decision.ts";
import type { DialSurroundings } from "../calls/dial-destination.ts";
import { otherOf, stopWaitingTone } from "../calls/hold-decisions.ts";
import { recall } from "../calls/recall.ts";
import { releaseLeg } from "../calls/shared-leg.ts";
import { changeSound, type SoundSurroundings, soundOf } from "../calls/sound.ts";
import { wireParty } from "../calls/wire-party.ts";

export interface Parking {
  /** The leg of the party that parks the other one. */
  readonly parkerLegId: LegId;
  readonly slot: string;
  readonly timeoutMs: number;
}

/** Puts the other party into a slot: it hears music, the parking leg ends ([C40]). */
export function decidePark(
  call: Call,
  { parkerLegId, slot, timeoutMs }: Parking,
  around: SoundSurroundings,
  context: DecisionContext,
): Decision {
  const builder = new DecisionBuilder(call, context);
  const { stage } = call;
  if (stage.at !== "connected") return builder.build();
  const [by, served] = parkerLegId === stage.callerLegId ? [call.caller, call.callee] : [call.callee, call.caller];
  const servedLegId = otherOf(stage, parkerLegId);
  const expiresAtMs = context.nowMs + timeoutMs;
  stopWaitingTone(builder, servedLegId);
  stopWaitingTone(builder, parkerLegId);
  changeSound(builder, soundOf(call), new Map([[servedLegId, { hasMusic: true }]]), around);
  releaseLeg(builder, parkerLegId, "normal");
  builder
    .perform({ op: "destroyBridge", bridgeId: stage.bridgeId })
    .enter("park")
    .change({
      caller: served,
      // Nobody is at the other end; the slot is what the call was left at.
      callee: { number: slot },
      forwards: [],
      forwardedFrom: undefined,
      stage: {
        at: "parked",
        callerLegId: servedLegId,
        slot,
        parkedBy: by,
        expiresAtMs,
        holds: stage.holds.filter(({ legId }) => legId === servedLegId),
      },
    })
    .schedule("parking", timeoutMs)
    .emit("CALL_PARKED", "parked", {
      parkingSlot: slot,
      parkedBy: wireParty(by),
      parkedParty: wireParty(served),
      expiresAt: new Date(expiresAtMs).toISOString(),
    });
  return builder.build();
}

/** The time in the slot is over; while somebody's phone rings for it the slot stays theirs ([C41], [C43]). */
export function decideParkingTimeout(
  call: Call,
  around: DialSurroundings & SoundSurroundings,
  context: DecisionContext,
): Decision {
  const builder = new DecisionBuilder(call, context);
  if (call.pickUp === undefined) sendBack(builder, around);
  return builder.build();
}

/** Out of the slot, and back to who parked it ([C41]); where that fails, the call ends `park_timeout` ([C42]). */
export function sendBack(builder: DecisionBuilder, around: DialSurroundings & SoundSurroundings): void {
  const { stage } = builder.call;
  if (stage.at !== "parked") return;
  const { callerLegId, slot, parkedBy, holds } = stage;
  changeSound(builder, soundOf(builder.call), new Map(), around);
  builder
    .unschedule("parking")
    .enter("ring")
    .change({ callee: parkedBy })
    .emit("CALL_UNPARKED", "ringing", { parkingSlot: slot, reason: "timeout" });
  recall(builder, parkedBy, { callerLegId, isCallerAnswered: true, holds }, around, "park_timeout");
}
