import type { LegId } from "@pbx-x/telephony";
import type { Route } from "../routing/route-number.ts";
import { createCall } from "./begin-call.ts";
import type { Party, TrunkRef } from "./call.ts";
import type { Decision, DecisionContext } from "./decision.ts";
import { type Destination, type DialSurroundings, dialDestination } from "./dial-destination.ts";
import { calleeOf } from "./parties.ts";
import { endCall } from "./end-call.ts";

export interface DeliveredCall {
  readonly legId: LegId;
  readonly trunk: TrunkRef;
  readonly caller: Pick<Party, "number" | "name">;
  /** What leads to the destination, as if somebody had dialled it. */
  readonly dialled: string;
  readonly destination: Destination & { readonly route: Route };
  /** The trunk has as many calls as it may have ([G9]). */
  readonly isTrunkFull: boolean;
}

/** A trunk delivers a call, and an inbound rule has said where it goes ([C11], [C16]). */
export function beginInboundCall(
  delivered: DeliveredCall,
  around: DialSurroundings,
  context: DecisionContext,
): Decision {
  const { legId, trunk, caller, dialled, destination, isTrunkFull } = delivered;
  const callee = calleeOf(dialled, destination.route);
  const side = { callerLegId: legId, isCallerAnswered: false };
  const parties = {
    callId: context.newId(),
    direction: "inbound",
    caller: { ...caller, outside: { trunk } },
    callee,
  } as const;
  const fork = { extensionId: callee.extensionId ?? "", legs: [] };
  const builder = createCall(parties, context, { at: "dialling", ...side, fork, isRinging: false });
  if (isTrunkFull) endCall(builder, { end: { cause: "busy" }, by: "system", reason: "trunk_at_maximum_calls" });
  else dialDestination(builder, destination, around, side);
  return builder.build();
}
