import type { LegEndCause, LegId } from "@pbx-x/telephony";
import type { Call } from "../calls/call.ts";
import type { CallService } from "../calls/call-service.ts";
import { sideOf } from "../calls/command-decisions.ts";
import { refuse, type Refusal } from "../calls/command-tools.ts";
import type { Cause } from "../calls/decision.ts";
import { partyOf } from "../calls/parties.ts";
import { invalidState } from "../calls/find-party.ts";
import { otherOf } from "../calls/hold-decisions.ts";
import type { OfferedService } from "../calls/offered-services.ts";
import { sharedLeg } from "../calls/shared-leg.ts";
import type { TransferPlan } from "../calls/transfer-targets.ts";
import type { Extension } from "../extensions/extension.ts";
import { decidePark } from "./park-decisions.ts";
import { chooseSlot, type ParkingLot, type SlotChoice } from "./parking-lot.ts";
import { decideTake } from "./pick-up-decisions.ts";

export interface ParkingServiceOptions {
  readonly calls: CallService;
  readonly lots: () => readonly ParkingLot[];
}

type Choice = SlotChoice | { readonly ok: false; readonly reason: "consulting" };

export type ParkOutcome =
  | { readonly ok: true; readonly slot: string; readonly expiresAtMs: number; readonly seq: number | undefined }
  | Refusal;

/** Parks calls, and lets phones take them: what was parked by dialling its slot, what rings by the pick-up code. */
export class ParkingService {
  readonly #options: ParkingServiceOptions;

  constructor(options: ParkingServiceOptions) {
    this.#options = options;
    const { services, transfers } = options.calls;
    services.add("parking_slot", (offered, { slot }) => this.#onSlotDialled(offered, slot));
    services.add("pickup", (offered, { extension }) => this.#onPickUpDialled(offered, extension));
    transfers.targets.add("parking_slot", (call, legId, { slot }) => this.#planParking(call, legId, slot));
    transfers.targets.add("pickup", () => ({
      ok: false,
      cause: "not_found",
      error: refuse("NUMBER_NOT_REACHABLE", "A pick-up code takes no calls.", { reason: "not_a_party" }).error,
    }));
  }

  /** Parks the party at the other end of a leg ([C40]). */
  park(call: Call, parkerLegId: LegId, wanted: string | undefined, cause: Cause): ParkOutcome {
    const choice = this.#choose(call, parkerLegId, wanted);
    return choice.ok ? this.#carryOut(call, parkerLegId, choice, cause) : refusalOf(call, choice.reason);
  }

  #choose(call: Call, parkerLegId: LegId, wanted: string | undefined): Choice {
    const { calls, lots } = this.#options;
    // Its phone is, or may soon be, in another call: nobody would know where to find it.
    const { stage } = call;
    if (stage.at !== "connected" || sharedLeg(call, otherOf(stage, parkerLegId)) !== undefined) {
      return { ok: false, reason: "consulting" };
    }
    const use = {
      isTaken: (slot: string) => calls.registry.inSlot(slot) !== undefined,
      isShadowed: (slot: string) => calls.route(slot).kind !== "parking_slot",
    };
    return chooseSlot(lots(), use, wanted);
  }

  #carryOut(
    call: Call,
    parkerLegId: LegId,
    { slot, lot }: Extract<SlotChoice, { ok: true }>,
    cause: Cause,
  ): Extract<ParkOutcome, { ok: true }> {
    const { calls } = this.#options;
    const timeoutMs = lot.timeoutSeconds * 1000;
    const context = calls.context(cause);
    const seq = calls.apply(call, decidePark(call, { parkerLegId, slot, timeoutMs }, calls.surroundings(), context));
    return { ok: true, slot, expiresAtMs: context.nowMs + timeoutMs, seq };
  }

  /** A call that is passed on to a slot's number is parked there. */
  #planParking(call: Call, parkerLegId: LegId, wanted: string): TransferPlan {
    const choice = this.#choose(call, parkerLegId, wanted);
    if (!choice.ok) {
      const cause = choice.reason === "no_such_slot" ? "not_found" : "busy";
      return { ok: false, cause, error: refusalOf(call, choice.reason).error };
    }
    return {
      ok: true,
      status: "parked",
      carryOut: (cause) => this.#carryOut(call, parkerLegId, choice, cause).seq,
    };
  }

  #onSlotDialled(offered: OfferedService, slot: string): void {
    const { registry } = this.#options.calls;
    const call = registry.inSlot(slot);
    if (call === undefined) return this.#refuse(offered.legId, "not_found");
    // Somebody's phone rings for it already: of two who want it, the first has it.
    if (call.pickUp !== undefined) return this.#refuse(offered.legId, "busy");
    this.#take(call, offered);
  }

  #onPickUpDialled(offered: OfferedService, { id }: Extension): void {
    const call = this.#options.calls.registry.ofExtension(id).find((other) => isRingingAt(other, id));
    if (call === undefined) this.#refuse(offered.legId, "not_found");
    else this.#take(call, offered);
  }

  #take(call: Call, { legId, extension }: OfferedService): void {
    const { calls } = this.#options;
    const isFull = calls.registry.countOf(extension.id, call.callId) >= extension.maxConcurrentCalls;
    // Nobody talks to himself.
    if (isFull || sideOf(call, extension.id) === "caller") return this.#refuse(legId, "busy");
    const taken = { by: partyOf(extension), legId, isOffered: true };
    const around = calls.surroundings(call.callId);
    calls.apply(call, decideTake(call, taken, around, calls.context({ via: "phone" })));
  }

  #refuse(legId: LegId, cause: LegEndCause): void {
    void this.#options.calls.perform({ op: "hangup", legId, cause });
  }
}

/** The call can be picked up there: its phone has begun to ring. */
function isRingingAt({ stage, callee }: Call, extensionId: string): boolean {
  return stage.at === "dialling" && stage.isRinging && callee.extensionId === extensionId;
}

function refusalOf(call: Call, reason: Extract<Choice, { ok: false }>["reason"]): Refusal {
  switch (reason) {
    case "no_such_slot":
      return refuse("PARKING_SLOT_NOT_FOUND", "There is no such parking slot; the call stays as it was.", { reason });
    case "consulting":
      return invalidState(call, "The other party is asking somebody at this moment.", reason);
    case "all_slots_taken":
      return refuse("PARKING_FULL", "All parking slots are taken; the call stays as it was.");
    case "slot_taken": {
      const message = "A call is parked there already; name another slot, or none for the next free one.";
      return invalidState(call, message, reason);
    }
  }
}
