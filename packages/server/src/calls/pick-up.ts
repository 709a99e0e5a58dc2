import type { LegId } from "@pbx-x/telephony";
import type { DecisionBuilder } from "./decision.ts";
import { stopRinging } from "./ring.ts";

/** Ends the attempt to take a call: the phones of who wanted it stop ringing ([C43]). */
export function dropPickUp(builder: DecisionBuilder, cause: "answered_elsewhere" | "cancelled", except?: LegId): void {
  const { pickUp } = builder.call;
  if (pickUp === undefined) return;
  stopRinging(builder, pickUp.fork, cause, except);
  builder.change({ pickUp: undefined });
}
