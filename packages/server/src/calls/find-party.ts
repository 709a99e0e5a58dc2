import type { CallAction } from "@pbx-x/protocol";
import type { LegId } from "@pbx-x/telephony";
import type { CommandContext } from "../realtime/command-handler.ts";
import type { Call, CallStage } from "./call.ts";
import type { CallService } from "./call-service.ts";
import { sideOf } from "./command-decisions.ts";
import { findCall, type Refusal, refuse, stateOf } from "./command-tools.ts";
import { permit } from "./permit.ts";

export interface FoundParty {
  readonly ok: true;
  readonly call: Call;
  readonly stage: Extract<CallStage, { at: "connected" }>;
  readonly legId: LegId;
}

/** The leg of a connected call that a command is about: the user's own, or the named one where the right is there ([W40]). */
export function findParty(
  calls: CallService,
  { callId, extensionId }: { readonly callId: string; readonly extensionId?: string },
  { identity }: CommandContext,
  action: CallAction,
): FoundParty | Refusal {
  const found = findCall(calls, callId);
  if (!found.ok) return found;
  const { call } = found;
  const denied = permit(action, call, identity, extensionId);
  if (denied !== undefined) return denied;
  const side = sideOf(call, extensionId ?? identity.extensionId);
  if (side === undefined) {
    return invalidState(call, "Name the party by `extensionId`: you are none of this call.", "not_a_party");
  }
  if (call.stage.at !== "connected") return invalidState(call, "The call is not answered.", "not_answered");
  const { stage } = call;
  return { ok: true, call, stage, legId: side === "caller" ? stage.callerLegId : stage.calleeLegId };
}

export function invalidState(call: Call, message: string, reason: string): Refusal {
  return refuse("INVALID_STATE", message, { state: stateOf(call), reason });
}
