import type { ParamsOf } from "@pbx-x/protocol";
import type { LegId } from "@pbx-x/telephony";
import type { CommandContext, CommandHandlers } from "../realtime/command-handler.ts";
import type { Call, CallStage } from "./call.ts";
import type { CallService } from "./call-service.ts";
import { sideOf } from "./command-decisions.ts";
import { causeOf, findCall, mayControl, notAParty, type Refusal, refuse, stateOf, succeed } from "./command-tools.ts";
import { decideHold, decideUnhold, isHeldAtDevice, isHolding, otherOf } from "./hold-decisions.ts";

export interface PartyCommandOptions {
  readonly calls: CallService;
  /** How long `unhold` waits for the phone once it has obeyed. */
  readonly resumeWaitMs?: number;
}

type PartyCommands = Required<Pick<CommandHandlers, "hold" | "unhold" | "mute" | "unmute" | "sendDtmf">>;

/** What one party of a connected call does with its own leg ([W40], [C20], [C21]). */
export function createPartyCommands({ calls, resumeWaitMs = 3000 }: PartyCommandOptions): PartyCommands {
  const setMuted = async (params: ParamsOf<"mute">, context: CommandContext, isMuted: boolean) => {
    const found = findParty(calls, params, context);
    if (!found.ok) return found;
    const outcome = await calls.perform({ op: "mute", legId: found.legId, isMuted });
    if (!outcome.ok) return refuse("ENGINE_UNAVAILABLE", "The engine did not do it.", { reason: outcome.error });
    return succeed({ callId: params.callId }, undefined);
  };
  return {
    hold: (params, context) => {
      const found = findParty(calls, params, context);
      if (!found.ok) return Promise.resolve(found);
      if (isHolding(found.stage, found.legId)) {
        return Promise.resolve(invalid(found.call, "This party holds the call already.", "already_held"));
      }
      const decision = decideHold(found.call, found.legId, calls.surroundings(), calls.context(causeOf(context)));
      return Promise.resolve(
        succeed({ callId: params.callId, status: "held" as const }, calls.apply(found.call, decision)),
      );
    },

    unhold: async (params, context) => {
      const found = findParty(calls, params, context);
      if (!found.ok) return found;
      const { call, stage, legId } = found;
      if (!isHolding(stage, legId)) return invalid(call, "This party does not hold the call.", "not_held");
      if (isHeldAtDevice(stage, legId)) {
        const resumed = calls.when(params.callId, (now) => !isHeldBy(now, legId), resumeWaitMs);
        const outcome = await calls.perform({ op: "remoteTalk", legId });
        const result = outcome.ok ? await resumed : undefined;
        if (result === undefined || result.call.stage.at !== "connected") {
          return invalid(call, "The phone holds the call by itself: resume it there.", "held_at_device");
        }
        return succeed({ callId: params.callId, status: statusOf(result.call) }, result.seq);
      }
      const decision = decideUnhold(call, legId, calls.surroundings(), calls.context(causeOf(context)));
      const seq = calls.apply(call, decision);
      return succeed({ callId: params.callId, status: statusOf(decision.call) }, seq);
    },

    mute: (params, context) => setMuted(params, context, true),
    unmute: (params, context) => setMuted(params, context, false),

    sendDtmf: async (params, context) => {
      const found = findParty(calls, params, context);
      if (!found.ok) return found;
      const { digits } = params;
      const outcome = await calls.perform({ op: "sendDtmf", legId: otherOf(found.stage, found.legId), digits });
      if (outcome.ok) return succeed({ callId: params.callId }, undefined);
      if (outcome.error !== "device_cannot") return refuse("ENGINE_UNAVAILABLE", "The engine did not do it.");
      return invalid(found.call, "The other side takes no key presses (RFC 4733).", "device_cannot");
    },
  };
}

interface FoundParty {
  readonly ok: true;
  readonly call: Call;
  readonly stage: Extract<CallStage, { at: "connected" }>;
  readonly legId: LegId;
}

/** The leg that the command is about: the user's own, or the named one where the right is there ([W40]). */
function findParty(
  calls: CallService,
  { callId, extensionId }: { readonly callId: string; readonly extensionId?: string },
  { identity }: CommandContext,
): FoundParty | Refusal {
  const found = findCall(calls, callId);
  if (!found.ok) return found;
  const { call } = found;
  const side = sideOf(call, extensionId ?? identity.extensionId);
  if (side === undefined) {
    if (!mayControl(identity, [])) return notAParty;
    return invalid(call, "Name the party by `extensionId`: you are none of this call.", "not_a_party");
  }
  if (!mayControl(identity, [call[side].extensionId])) return notAParty;
  if (call.stage.at !== "connected") return invalid(call, "The call is not answered.", "not_answered");
  const { stage } = call;
  return { ok: true, call, stage, legId: side === "caller" ? stage.callerLegId : stage.calleeLegId };
}

function invalid(call: Call, message: string, reason: string): Refusal {
  return refuse("INVALID_STATE", message, { state: stateOf(call), reason });
}

function isHeldBy({ stage }: Call, legId: LegId): boolean {
  return stage.at === "connected" && isHolding(stage, legId);
}

function statusOf({ stage }: Call): "held" | "answered" {
  return stage.at === "connected" && stage.holds.length > 0 ? "held" : "answered";
}
