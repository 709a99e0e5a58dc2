import type { LegId, TelephonyEvent } from "@pbx-x/telephony";
import type { GuardVerdict, OutsideRefusal } from "../routing/outside-guard.ts";
import type { OutsideCallCounts, OutsideWorld } from "../routing/outside-world.ts";
import type { InboundRoute } from "../routing/route-inbound.ts";
import type { OutsideRoute, OutsideTables } from "../routing/route-outside.ts";
import type { Route } from "../routing/route-number.ts";
import type { Call, Party, TrunkRef } from "./call.ts";
import type { CallRegistry } from "./call-registry.ts";
import type { OutsideSurroundings } from "./outside-surroundings.ts";

type OfferedByTrunk = Extract<TelephonyEvent, { type: "legOffered" }>;

/** A call that a trunk delivers, read. */
export interface ReadDelivery {
  readonly legId: LegId;
  readonly trunk: TrunkRef;
  readonly caller: Pick<Party, "number" | "name">;
  readonly isTrunkFull: boolean;
  readonly inbound: InboundRoute;
}

/** Counts what goes on beyond the trunks, and asks the rules and guards with that. */
export class OutsideDesk {
  readonly #registry: Pick<CallRegistry, "all">;
  readonly #world: OutsideWorld;

  constructor(registry: Pick<CallRegistry, "all">, world: OutsideWorld) {
    this.#registry = registry;
    this.#world = world;
  }

  /** @param callId the call that is being decided: only what it has beyond a trunk already counts, not where it goes */
  surroundings(callId?: string): OutsideSurroundings {
    return {
      judge: (route, payerId) => this.judge(route, payerId, callId),
      isTrunkFree: (trunkId) => !this.#isFull(trunkId, callId),
    };
  }

  judge(route: OutsideRoute, payerId: string | undefined, callId?: string): GuardVerdict {
    return this.#world.judge(route, payerId, this.#counts(callId));
  }

  tables(): OutsideTables {
    return this.#world.tables();
  }

  noteCall(payerId: string | undefined): void {
    this.#world.noteCall(payerId);
  }

  reportRefusal(refusal: OutsideRefusal): void {
    this.#world.reportRefusal(refusal);
  }

  /** Why a route may not be taken by this extension, reported as it is asked ([G13]); undefined where it may. */
  refusal(route: Route, payerId: string, callId?: string): OutsideRefusal | undefined {
    if (route.kind !== "outside") return undefined;
    const verdict = this.judge(route.outside, payerId, callId);
    if (verdict.ok) return undefined;
    const { class: kind, number } = route.outside;
    const refusal = { reason: verdict.reason, why: verdict.why, class: kind, number, payerId };
    const refused: OutsideRefusal = callId === undefined ? refusal : { ...refusal, callId };
    this.reportRefusal(refused);
    return refused;
  }

  /** Undefined: the PBX does not know the trunk (any more). */
  readDelivery(
    { legId, caller, dialled }: OfferedByTrunk,
    trunkId: string,
    internal: (number: string) => Route,
  ): ReadDelivery | undefined {
    const trunk = this.#world.trunk(trunkId);
    if (trunk === undefined) return undefined;
    const { id, name } = trunk;
    return {
      legId,
      trunk: { id, name },
      caller: {
        number: caller.isPrivate === true ? "" : this.#world.readNumber(trunkId, caller.number),
        ...(caller.name !== undefined && caller.isPrivate !== true && { name: caller.name }),
      },
      isTrunkFull: this.#isFull(trunkId),
      inbound: this.#world.inbound({ trunkId, dialled }, internal),
    };
  }

  #isFull(trunkId: string, callId?: string): boolean {
    const limit = this.#world.trunk(trunkId)?.maxConcurrentCalls;
    return limit !== undefined && this.#counts(callId).ofTrunk(trunkId) >= limit;
  }

  #counts(callId?: string): OutsideCallCounts {
    const parties = (): readonly NonNullable<Party["outside"]>[] =>
      [...this.#registry.all()].flatMap((call) => outsideOf(call, call.callId !== callId));
    return {
      ofTrunk: (trunkId) => parties().filter(({ trunk }) => trunk.id === trunkId).length,
      paidBy: (isPayer) => parties().filter(({ paidBy }) => paidBy !== undefined && isPayer(paidBy)).length,
    };
  }
}

function outsideOf({ caller, callee }: Call, isCalleeCounted: boolean): readonly NonNullable<Party["outside"]>[] {
  return (isCalleeCounted ? [caller, callee] : [caller]).flatMap(({ outside }) =>
    outside === undefined ? [] : [outside],
  );
}
