import type { Binding } from "@pbx-x/telephony";
import type { Call } from "../calls/call.ts";
import type { CallService } from "../calls/call-service.ts";
import { causeOf, findCall, mayControl, type Refusal, refuse, stateOf, succeed } from "../calls/command-tools.ts";
import { partyOf } from "../calls/parties.ts";
import { findParty, invalidState } from "../calls/find-party.ts";
import { permit } from "../calls/permit.ts";
import type { Extension, ExtensionDirectory } from "../extensions/extension.ts";
import type { CommandContext, CommandHandlers } from "../realtime/command-handler.ts";
import { normaliseNumber } from "../routing/route-number.ts";
import type { ParkingService } from "./parking-service.ts";
import { decidePickUp } from "./pick-up-decisions.ts";

export interface ParkingCommandOptions {
  readonly calls: CallService;
  readonly parking: ParkingService;
  readonly extensions: Pick<ExtensionDirectory, "byId">;
  readonly bindingsOf: (extensionId: string) => readonly Binding[];
  /** How long `pickup` waits for the phone to answer by itself; after that it just rings on. */
  readonly pickUpWaitMs?: number;
}

export type ParkingCommands = Required<Pick<CommandHandlers, "park" | "pickup">>;

/** Parking, and picking up what is parked or rings elsewhere ([C40], [C43], [W48]). */
export function createParkingCommands(options: ParkingCommandOptions): ParkingCommands {
  const { calls, parking, bindingsOf, pickUpWaitMs = 5000 } = options;
  return {
    park: async (params, context) => {
      const found = findParty(calls, params, context, "park");
      if (!found.ok) return found;
      const wanted = params.parkingSlot === undefined ? undefined : normaliseNumber(params.parkingSlot);
      const outcome = parking.park(found.call, found.legId, wanted, causeOf(context));
      if (!outcome.ok) return outcome;
      const { slot: parkingSlot, expiresAtMs, seq } = outcome;
      return succeed({ callId: params.callId, parkingSlot, expiresAt: new Date(expiresAtMs).toISOString() }, seq);
    },

    pickup: async (params, context) => {
      const picker = findPicker(options, params.extensionId, context);
      if (!picker.ok) return picker;
      const { extension } = picker;
      const found = findWanted(calls, params);
      if (!found.ok) return found;
      const { call } = found;
      const { callId } = call;
      const against = permit("pickup", call, context.identity, extension.id) ?? whatStandsAgainst(call);
      if (against !== undefined) return against;
      const bindings = bindingsOf(extension.id);
      if (bindings.length === 0) return refuse("EXTENSION_OFFLINE", `No phone is registered for ${extension.number}.`);
      if (calls.registry.countOf(extension.id) >= extension.maxConcurrentCalls) {
        return refuse("ALREADY_IN_CALL", `Extension ${extension.number} is at its limit of concurrent calls.`, {
          maxConcurrentCalls: extension.maxConcurrentCalls,
        });
      }
      const decided = calls.when(callId, ({ pickUp }) => pickUp === undefined, pickUpWaitMs);
      const around = calls.surroundings(callId);
      const wish = { by: partyOf(extension), bindings };
      calls.apply(call, decidePickUp(call, wish, around, calls.context(causeOf(context))));
      const result = await decided;
      // The phone does not answer by itself: its user will.
      if (result === undefined) {
        return succeed({ callId, status: stateOf(calls.registry.get(callId) ?? call) }, undefined);
      }
      const { stage, callee } = result.call;
      const isTaken = stage.at === "connected" && callee.extensionId === extension.id;
      if (isTaken) return succeed({ callId, status: "answered" }, result.seq);
      return invalidState(result.call, "The call was not picked up with this phone.", "not_picked_up");
    },
  };
}

type Picker = { readonly ok: true; readonly extension: Extension } | Refusal;

/** Whose phone shall ring: the user's own, or the named one where the right is there ([W40]). */
function findPicker(
  { extensions }: ParkingCommandOptions,
  named: string | undefined,
  { identity }: CommandContext,
): Picker {
  const extensionId = named ?? identity.extensionId;
  const extension = extensionId === undefined ? undefined : extensions.byId(extensionId);
  if (extensionId !== undefined && !mayControl(identity, [extensionId])) {
    return refuse("UNAUTHORIZED", "You may pick up with your own phone only.");
  }
  if (extension !== undefined) return { ok: true, extension };
  return refuse("INVALID_PARAMS", "Name the extension whose phone shall pick up by `extensionId`.", {
    errors: [{ field: "params.extensionId", message: "not an extension" }],
  });
}

function findWanted(
  calls: CallService,
  { parkingSlot, callId }: { readonly parkingSlot?: string; readonly callId?: string },
): { readonly ok: true; readonly call: Call } | Refusal {
  if (parkingSlot === undefined) return findCall(calls, callId ?? "");
  const call = calls.registry.inSlot(normaliseNumber(parkingSlot));
  if (call !== undefined) return { ok: true, call };
  return refuse("PARKING_SLOT_NOT_FOUND", "No call is parked there.");
}

function whatStandsAgainst(call: Call): Refusal | undefined {
  const { stage, pickUp } = call;
  if (stage.at !== "parked" && stage.at !== "dialling") {
    return invalidState(call, "This call is neither parked nor ringing.", "not_ringing");
  }
  if (pickUp === undefined) return undefined;
  return invalidState(call, "Somebody else is picking this call up.", "being_picked_up");
}
