import type { ParamsOf } from "@pbx-x/protocol";
import type { CommandContext, CommandHandlers } from "../realtime/command-handler.ts";
import type { Call } from "./call.ts";
import type { CallService } from "./call-service.ts";
import { causeOf, refuse, succeed } from "./command-tools.ts";
import { inRoom } from "./find-pair.ts";
import { findParty, invalidState } from "./find-party.ts";
import { decideMute } from "./mute-decisions.ts";
import { resumeAtDevice } from "./resume-device.ts";
import { sharedLeg } from "./shared-leg.ts";
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
    const found = findParty(calls, params, context, isMuted ? "mute" : "unmute");
    if (!found.ok) return found;
    const { legId } = found;
    const outcome = await calls.perform({ op: "mute", legId, isMuted });
    if (!outcome.ok) return refuse("ENGINE_UNAVAILABLE", "The engine did not do it.", { reason: outcome.error });
    const { callId } = found.call;
    const call = calls.registry.get(callId);
    // A phone is in both of its calls at once where it asks in one for the other ([C35]).
    const linked = call === undefined ? undefined : sharedLeg(call, legId)?.callId;
    const both = [call, linked === undefined ? undefined : calls.registry.get(linked)];
    const [seq] = both.map((each) =>
      each === undefined
        ? undefined
        : calls.apply(each, decideMute(each, { legId, isMuted }, calls.context(causeOf(context)))),
    );
    return succeed({ callId }, seq);
  };
  return {
    hold: async (params, context) => {
      const found = findParty(calls, params, context, "hold");
      if (!found.ok) return found;
      const { call, stage, legId } = found;
      if (isHolding(stage, legId)) return invalidState(call, "This party holds the call already.", "already_held");
      const decision = decideHold(call, legId, calls.surroundings(), calls.context(causeOf(context)));
      const seq = calls.apply(call, decision);
      calls.devices.hold(legId);
      return succeed({ callId: found.call.callId, status: "held" }, seq);
    },

    unhold: async (params, context) => {
      const asked = findParty(calls, params, context, "unhold");
      if (!asked.ok) return asked;
      await calls.devices.hasHeld(asked.legId);
      const found = findParty(calls, params, context, "unhold");
      if (!found.ok) return found;
      const { call, stage, legId } = found;
      if (!isHolding(stage, legId)) return invalidState(call, "This party does not hold the call.", "not_held");
      // The phone talks in its consultation: it comes back from there ([W48]).
      const link = sharedLeg(call, legId);
      const other = link === undefined || link.isHere ? undefined : calls.registry.get(link.callId);
      if (other?.stage.at === "conference") return inRoom(other);
      if (other?.stage.at === "dialling") return invalidState(call, "The consultation still rings.", "consulting");
      if (other?.stage.at === "connected" && isHeldAtDevice(other.stage, legId)) {
        return invalidState(call, "The phone holds the consultation by itself: resume it there.", "held_at_device");
      }
      if (other !== undefined) {
        const pair = { held: call, heldLegId: legId, other, otherLegId: legId };
        const seq = calls.transfers.swap(pair, causeOf(context));
        return succeed({ callId: call.callId, status: "answered" }, seq);
      }
      if (isHeldAtDevice(stage, legId)) {
        const result = await resumeAtDevice(calls, {
          callId: call.callId,
          legId,
          cause: causeOf(context),
          waitMs: resumeWaitMs,
        });
        if (result === undefined) {
          return invalidState(call, "The phone holds the call by itself: resume it there.", "held_at_device");
        }
        return succeed({ callId: found.call.callId, status: statusOf(result.call) }, result.seq);
      }
      const decision = decideUnhold(call, legId, calls.surroundings(), calls.context(causeOf(context)));
      const seq = calls.apply(call, decision);
      return succeed({ callId: found.call.callId, status: statusOf(decision.call) }, seq);
    },

    mute: (params, context) => setMuted(params, context, true),
    unmute: (params, context) => setMuted(params, context, false),

    sendDtmf: async (params, context) => {
      const found = findParty(calls, params, context, "sendDtmf");
      if (!found.ok) return found;
      const { digits } = params;
      const outcome = await calls.perform({ op: "sendDtmf", legId: otherOf(found.stage, found.legId), digits });
      if (outcome.ok) return succeed({ callId: found.call.callId }, undefined);
      if (outcome.error !== "device_cannot") return refuse("ENGINE_UNAVAILABLE", "The engine did not do it.");
      return invalidState(found.call, "The other side takes no key presses.", "device_cannot");
    },
  };
}

function statusOf({ stage }: Call): "held" | "answered" {
  return stage.at === "connected" && stage.holds.length > 0 ? "held" : "answered";
}
