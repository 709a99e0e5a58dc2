import type { LegId } from "@pbx-x/telephony";
import type { CommandContext, CommandHandlers } from "../realtime/command-handler.ts";
import type { Route } from "../routing/route-number.ts";
import { type Call, isHere } from "./call.ts";
import type { CallService } from "./call-service.ts";
import { causeOf, type Refusal, refuse, refuseOutside, shorten, stateOf, succeed } from "./command-tools.ts";
import type { CallPair } from "./consult-decisions.ts";
import { areOnePair, busyElsewhere, findPair, inRoom, isOtherAway, notOnePair } from "./find-pair.ts";
import { findParty, type FoundParty, invalidState } from "./find-party.ts";
import { isHeldAtDevice, isHolding } from "./hold-decisions.ts";
import { resumeAtDevice } from "./resume-device.ts";
import { sharedLeg } from "./shared-leg.ts";

export interface TransferCommandOptions {
  readonly calls: CallService;
  /** How many calls an extension may be in. */
  readonly maximumOf: (extensionId: string) => number;
}

type TransferCommands = Required<
  Pick<CommandHandlers, "transferBlind" | "transferAttended" | "consult" | "cancelTransfer" | "swap">
>;

/** Passing calls on, and asking before ([C30]–[C36]). */
export function createTransferCommands({ calls, maximumOf }: TransferCommandOptions): TransferCommands {
  const nowhere = (to: string, reason: string): Refusal =>
    refuse("NUMBER_NOT_REACHABLE", `${shorten(to)} leads nowhere; the call stays as it is.`, { reason });
  const refusalFor = ({ call, stage, legId }: FoundParty, route: Route) => {
    const { extensionId } = legId === stage.callerLegId ? call.caller : call.callee;
    return extensionId === undefined ? undefined : calls.outside.refusal(route, extensionId, call.callId);
  };
  return {
    transferBlind: async (params, context) => {
      const found = findParty(calls, params, context, "transferBlind");
      if (!found.ok) return found;
      const { call, legId } = found;
      const target = calls.transfers.target(call, params.destination);
      const { route } = target.destination;
      if (route.kind === "none") return nowhere(params.destination, route.reason);
      if (isOtherAway(call, legId)) return busyElsewhere(call);
      const plan = calls.transfers.targets.plan(call, legId, route);
      if (plan?.ok === false) return { ok: false, error: plan.error };
      if (plan !== undefined) {
        return succeed({ callId: call.callId, status: plan.status }, plan.carryOut(causeOf(context)));
      }
      const refusal = refusalFor(found, route);
      if (refusal !== undefined) return refuseOutside(refusal);
      const { transferId, seq } = calls.transfers.blind(call, { transferorLegId: legId, ...target }, causeOf(context));
      return succeed({ callId: call.callId, status: "transferred", transferId }, seq);
    },

    consult: async (params, context) => {
      const asked = findParty(calls, params, context, "consult");
      if (!asked.ok) return asked;
      await takeOver(calls, asked.call, asked.legId, context);
      const found = findParty(calls, params, context, "consult");
      if (!found.ok) return found;
      const { call, stage, legId } = found;
      const target = calls.transfers.target(call, params.to);
      const { route } = target.destination;
      if (route.kind === "none") return nowhere(params.to, route.reason);
      if (route.kind !== "extension" && route.kind !== "outside" && route.kind !== "conference")
        return nowhere(params.to, "not_a_party");
      if (sharedLeg(call, legId) !== undefined) {
        return invalidState(call, "This party is asking somebody already: end that first.", "consulting");
      }
      if (isHeldAtDevice(stage, legId)) {
        return invalidState(call, "The phone holds the call by itself: resume it there first.", "held_at_device");
      }
      const { extensionId } = call[stage.callerLegId === legId ? "caller" : "callee"];
      if (extensionId !== undefined && calls.registry.countOf(extensionId) >= maximumOf(extensionId)) {
        return refuse("ALREADY_IN_CALL", "This extension is at its limit of concurrent calls.");
      }
      const refusal = refusalFor(found, route);
      if (refusal !== undefined) return refuseOutside(refusal);
      const begun = calls.transfers.consult(call, legId, target, causeOf(context));
      if (begun === undefined) return invalidState(call, "The call is not answered.", "not_answered");
      const { consultation, seq } = begun;
      return succeed({ callId: consultation.callId, status: stateOf(consultation) }, seq);
    },

    transferAttended: async (params, context) => {
      const pair = findPair(calls, params, context, "transferAttended");
      if (!pair.ok) return pair;
      const { held, heldLegId, other, otherLegId } = pair;
      const legs = { survivor: held, survivorLegId: heldLegId, consultation: other, consultationLegId: otherLegId };
      const against = calls.transfers.roomRefusal(other);
      if (against !== undefined) return invalidState(held, against.message, against.reason);
      if (other.stage.at === "conference" && isOtherAway(held, heldLegId)) return busyElsewhere(held);
      const done = calls.transfers.attended(legs, causeOf(context));
      if (done === undefined) return invalidState(held, "These calls cannot be joined now.", "not_answered");
      const { survivor, transferId, seq } = done;
      return succeed({ callId: survivor.callId, status: stateOf(survivor), transferId }, seq);
    },

    cancelTransfer: async (params, context) => {
      const pair = findPair(calls, params, context, "cancelTransfer");
      if (!pair.ok) return pair;
      if (!areOnePair(pair)) return notOnePair(pair);
      const cause = causeOf(context);
      const seq = calls.transfers.cancel(pair, cause);
      const { held, heldLegId: legId } = pair;
      const { callId } = held;
      const stage = calls.registry.get(callId)?.stage;
      const isThere = stage?.at === "connected" && isHeldAtDevice(stage, legId);
      const resumed = isThere
        ? await resumeAtDevice(calls, { callId, legId, cause, waitMs: 1000, mayResumeItself: true })
        : undefined;
      return succeed(resultOf(calls, held), resumed?.seq ?? seq);
    },

    swap: async (params, context) => {
      const asked = findPair(calls, params, context, "swap");
      if (!asked.ok) return asked;
      for (const [call, legId] of legsOfPair(asked)) await takeOver(calls, call, legId, context);
      const pair = findPair(calls, params, context, "swap");
      if (!pair.ok) return pair;
      if (!areOnePair(pair)) return notOnePair(pair);
      const { held, other } = pair;
      if (other.stage.at === "conference") return inRoom(other);
      for (const [call, legId] of legsOfPair(pair)) {
        if (call.stage.at !== "connected") return invalidState(call, "The other call is not answered.", "not_answered");
        if (isHeldAtDevice(call.stage, legId)) {
          return invalidState(call, "The phone holds by itself: swap the calls there.", "held_at_device");
        }
      }
      const waiting = isWaiting(held, pair.heldLegId, other) ? pair : turned(pair);
      const seq = calls.transfers.swap(waiting, causeOf(context));
      return succeed(resultOf(calls, held), seq);
    },
  };
}

/** A phone that holds by itself cannot talk in another call: where it can be told, it resumes and the call stays held ([C23]). */
async function takeOver(calls: CallService, { callId }: Call, legId: LegId, context: CommandContext): Promise<void> {
  await calls.devices.hasHeld(legId);
  const stage = calls.registry.get(callId)?.stage;
  if (stage?.at !== "connected" || !isHeldAtDevice(stage, legId)) return;
  await calls.devices.resume(legId, { cause: causeOf(context), staysHeld: true });
}

function legsOfPair({ held, heldLegId, other, otherLegId }: CallPair): readonly (readonly [Call, LegId])[] {
  return [
    [held, heldLegId],
    [other, otherLegId],
  ];
}

function turned({ held, heldLegId, other, otherLegId }: CallPair): CallPair {
  return { held: other, heldLegId: otherLegId, other: held, otherLegId: heldLegId };
}

/** Whether this is the call to take back: its party is away in the other, or holds it. */
function isWaiting(call: Call, legId: LegId, other: Call): boolean {
  if (sharedLeg(call, legId)?.callId === other.callId) return !isHere(call, legId);
  return call.stage.at === "connected" && isHolding(call.stage, legId);
}

function resultOf(calls: CallService, { callId }: Call) {
  const call = calls.registry.get(callId);
  return { callId, ...(call !== undefined && { status: stateOf(call) }) };
}
