import type { MediaService } from "@pbx-x/media";
import type { BridgeId, LegId, OperationOutcome } from "@pbx-x/telephony";
import { done, type Leg, refused } from "./legs/leg.ts";

/** Which legs hear each other. Two in each for now; more would need the mixer. */
export class Bridges {
  media: MediaService | undefined;
  readonly #legOf: (legId: LegId) => Leg | undefined;
  readonly #members = new Map<BridgeId, Set<LegId>>();

  constructor(legOf: (legId: LegId) => Leg | undefined) {
    this.#legOf = legOf;
  }

  get size(): number {
    return this.#members.size;
  }

  create(bridgeId: BridgeId): OperationOutcome {
    if (!this.#members.has(bridgeId)) this.#members.set(bridgeId, new Set());
    return done;
  }

  join(bridgeId: BridgeId, legId: LegId): OperationOutcome | Promise<OperationOutcome> {
    const members = this.#members.get(bridgeId);
    const leg = this.#legOf(legId);
    if (members === undefined) return refused("unknown_bridge", bridgeId);
    if (leg === undefined) return refused("unknown_leg", legId);
    if (members.has(legId)) return done;
    if (members.size >= 2) return refused("unsupported", "a bridge has two members");
    this.#remove(leg);
    members.add(legId);
    leg.bridgeId = bridgeId;
    return leg.enqueue(() => {
      if (leg.bridgeId === bridgeId) this.media?.join(bridgeId, legId);
      return done;
    });
  }

  leave(bridgeId: BridgeId, legId: LegId): OperationOutcome {
    const leg = this.#legOf(legId);
    if (!this.#members.has(bridgeId)) return refused("unknown_bridge", bridgeId);
    if (leg === undefined) return refused("unknown_leg", legId);
    if (leg.bridgeId === bridgeId) this.#remove(leg);
    return done;
  }

  destroy(bridgeId: BridgeId): OperationOutcome {
    const members = this.#members.get(bridgeId);
    if (members === undefined) return refused("unknown_bridge", bridgeId);
    for (const legId of members) {
      const leg = this.#legOf(legId);
      if (leg !== undefined) this.#remove(leg);
    }
    this.#members.delete(bridgeId);
    return done;
  }

  /** A leg that ended; its voice is closed elsewhere. */
  forget(legId: LegId): void {
    const bridgeId = this.#legOf(legId)?.bridgeId;
    if (bridgeId !== undefined) this.#members.get(bridgeId)?.delete(legId);
  }

  /** Undefined where there is no such bridge. */
  membersOf(bridgeId: BridgeId): readonly Leg[] | undefined {
    const members = this.#members.get(bridgeId);
    return members && [...members].flatMap((legId) => this.#legOf(legId) ?? []);
  }

  othersOf(leg: Leg): readonly Leg[] {
    const members = leg.bridgeId === undefined ? undefined : this.#members.get(leg.bridgeId);
    return [...(members ?? [])].flatMap((legId) => (legId === leg.legId ? [] : (this.#legOf(legId) ?? [])));
  }

  #remove(leg: Leg): void {
    if (leg.bridgeId === undefined) return;
    this.#members.get(leg.bridgeId)?.delete(leg.legId);
    leg.bridgeId = undefined;
    this.media?.leave(leg.legId);
  }
}
