import type { LegEndCause, LegId, TelephonyEvent } from "@pbx-x/telephony";
import { normaliseNumber } from "../routing/route-number.ts";
import { type AttendedTransfer, decideAttendedTransfer, relinkedSteps } from "./attended-decisions.ts";
import { type Call, isHere } from "./call.ts";
import type { CallService } from "./call-service.ts";
import { type CallPair, decideCancelTransfer, decideConsult, decideSwap } from "./consult-decisions.ts";
import type { Cause, ReturnedLeg } from "./decision.ts";
import { otherOf } from "./hold-decisions.ts";
import { decideLegEvent } from "./leg-decisions.ts";
import { decideReturned, sharedLeg } from "./shared-leg.ts";
import { survivorOf } from "./survivor.ts";
import { type BlindTransfer, decideBlindTransfer, type TransferTarget } from "./transfer-decisions.ts";
import { TransferTargets } from "./transfer-targets.ts";

type EventOf<Type extends TelephonyEvent["type"]> = Extract<TelephonyEvent, { type: Type }>;

/** Why nobody can be brought into a room. */
export interface RoomRefusal {
  readonly message: string;
  readonly reason: string;
}

/** What passes calls on and what goes before that ([C30]–[C39]), for commands and phones alike. */
export class TransferService {
  /** Slices add what a call can be passed on to that is no party. */
  readonly targets = new TransferTargets();
  readonly #calls: CallService;
  #refusalOf: (call: Call) => RoomRefusal | undefined = () => undefined;

  constructor(calls: CallService) {
    this.#calls = calls;
  }

  /** What a call would be passed on to; its route may lead nowhere. */
  target(call: Call, to: string): TransferTarget {
    const dialled = normaliseNumber(to);
    return { dialled, destination: this.#calls.destination(dialled, call.callId) };
  }

  /** Passes a connected call on ([C30]). */
  blind(
    call: Call,
    transfer: Omit<BlindTransfer, "transferId">,
    cause: Cause,
  ): { readonly transferId: string; readonly seq: number | undefined } {
    const calls = this.#calls;
    const transferId = calls.newId();
    const around = calls.surroundings(call.callId);
    const decision = decideBlindTransfer(call, { ...transfer, transferId }, around, calls.context(cause));
    return { transferId, seq: calls.apply(call, decision) };
  }

  /** The consultation, as it stands after its beginning ([C32]). */
  consult(
    call: Call,
    legId: LegId,
    target: TransferTarget,
    cause: Cause,
  ): { readonly consultation: Call; readonly seq: number | undefined } | undefined {
    const calls = this.#calls;
    const consultCallId = calls.newId();
    const around = calls.surroundings(consultCallId);
    const steps = decideConsult(call, { consultCallId, legId, ...target }, around, calls.context(cause));
    const consultation = steps.at(-1)?.decision.call;
    return consultation === undefined ? undefined : { consultation, seq: calls.applyAll(steps) };
  }

  /** Says what stands against somebody's place in a room going to another party ([V27]). */
  useRooms(refusalOf: (call: Call) => RoomRefusal | undefined): void {
    this.#refusalOf = refusalOf;
  }

  /** Undefined where the consultation is with no room, or its place may be passed on. */
  roomRefusal(consultation: Call): RoomRefusal | undefined {
    return consultation.stage.at === "conference" ? this.#refusalOf(consultation) : undefined;
  }

  /** Undefined where the two calls cannot be joined as they are ([C32]). */
  attended(
    pair: Omit<AttendedTransfer, "transferId">,
    cause: Cause,
  ): { readonly transferId: string; readonly survivor: Call; readonly seq: number | undefined } | undefined {
    if (this.roomRefusal(pair.consultation) !== undefined) return undefined;
    const calls = this.#calls;
    const context = calls.context(cause);
    const transfer = { ...pair, transferId: calls.newId() };
    const steps = decideAttendedTransfer(transfer, calls.surroundings(), context);
    const survivor = steps.at(-1)?.decision.call;
    if (survivor === undefined) return undefined;
    const relinked = relinkedSteps(transfer, (callId) => calls.registry.get(callId), context);
    return { transferId: transfer.transferId, survivor, seq: calls.applyAll([...steps, ...relinked]) };
  }

  cancel(pair: CallPair, cause: Cause): number | undefined {
    return this.#calls.applyAll(decideCancelTransfer(pair, this.#calls.surroundings(), this.#calls.context(cause)));
  }

  swap(pair: CallPair, cause: Cause): number | undefined {
    return this.#calls.applyAll(decideSwap(pair, this.#calls.surroundings(), this.#calls.context(cause)));
  }

  /** A phone passes its call on (REFER); it hears the outcome before it is hung up ([C39]). */
  onRequested({ transferRequestId, legId, target }: EventOf<"transferRequested">): void {
    const calls = this.#calls;
    const cause = { via: "phone" } as const;
    const call = calls.registry.ofLeg(legId);
    const reject = (why: LegEndCause): void =>
      void calls.perform({ op: "rejectTransfer", transferRequestId, cause: why });
    const stage = call?.stage;
    // Of two connections a phone may name either one; out of a room alone it passes nothing on ([V24]).
    const isInRoom = stage?.at === "conference" && target.kind === "replaces";
    if (call === undefined || (stage?.at !== "connected" && !isInRoom)) return reject("failed");
    const by = stage.at === "conference" || legId === stage.callerLegId ? call.caller : call.callee;
    // What is beyond a trunk passes nothing on ([G14]).
    if (by.extensionId === undefined) return reject("not_allowed");
    if (target.kind === "blind") {
      if (stage.at !== "connected") return reject("failed");
      if (!isHere(call, otherOf(stage, legId))) return reject("busy");
      const to = this.target(call, target.number);
      const { route } = to.destination;
      if (route.kind === "none") return reject("not_found");
      if (calls.outside.refusal(route, by.extensionId, call.callId) !== undefined) return reject("not_allowed");
      const plan = this.targets.plan(call, legId, route);
      if (plan?.ok === false) return reject(plan.cause);
      if (plan !== undefined) {
        void calls.perform({ op: "acceptTransfer", transferRequestId, outcome: "done" });
        plan.carryOut(cause);
        return;
      }
      void calls.perform({ op: "acceptTransfer", transferRequestId, outcome: "trying" });
      this.blind(call, { transferorLegId: legId, transferRequestId, ...to }, cause);
      return;
    }
    const other = calls.registry.ofLeg(target.legId);
    const pair = other === undefined ? undefined : survivorOf({ call, legId }, { call: other, legId: target.legId });
    if (pair === undefined) return reject("rejected");
    void calls.perform({ op: "acceptTransfer", transferRequestId, outcome: "trying" });
    if (this.attended({ ...pair, request: { transferRequestId, legId } }, cause) === undefined) reject("failed");
  }

  /**
   * The phone that is between two calls hung up: it has passed the call on ([C35]). Where the engine is lost, both calls end.
   * False where the leg belongs to this call alone.
   */
  onSharedLegEnded(call: Call, event: EventOf<"legEnded">): boolean {
    const calls = this.#calls;
    const { legId } = event;
    const link = sharedLeg(call, legId);
    const other = link === undefined ? undefined : calls.registry.get(link.callId);
    if (other === undefined) return false;
    if (event.cause !== "engine_lost") {
      const [survivor, consultation] = other.consultFor === call.callId ? [call, other] : [other, call];
      const pair = { survivor, survivorLegId: legId, consultation, consultationLegId: legId, gone: legId };
      if (this.attended(pair, { via: "phone" }) !== undefined) return true;
    }
    for (const { callId } of [call, other]) {
      // The end of the first may have changed the other.
      const each = calls.registry.get(callId);
      if (each === undefined) continue;
      const alone = { ...each, shared: each.shared.filter((one) => one.legId !== legId) };
      const context = calls.context({ via: event.cause === "engine_lost" ? "system" : "phone" });
      calls.apply(each, decideLegEvent(alone, event, calls.surroundings(each.callId), context));
    }
    return true;
  }

  onReturned(returned: ReturnedLeg): void {
    const calls = this.#calls;
    const call = calls.registry.get(returned.callId);
    if (call === undefined) return;
    calls.apply(call, decideReturned(call, returned, calls.surroundings(), calls.context({ via: "system" })));
  }
}
