import { createTranscoder, type MediaService } from "@pbx-x/media";
import { type BridgeId, type LegId, maxBridgeMembers, type Operation, type OperationOutcome } from "@pbx-x/telephony";
import { done, type Leg, refused } from "./legs/leg.ts";

type Join = Extract<Operation, { op: "join" }>;
type Role = Pick<Join, "mode" | "whisperTo">;
type Create = Extract<Operation, { op: "createBridge" }>;

/** Which legs hear each other, and how. */
export class Bridges {
  media: MediaService | undefined;
  readonly #legOf: (legId: LegId) => Leg | undefined;
  readonly #members = new Map<BridgeId, Map<LegId, Role>>();
  /** Those that are mixed whoever is in them. */
  readonly #mixed = new Set<BridgeId>();

  constructor(legOf: (legId: LegId) => Leg | undefined) {
    this.#legOf = legOf;
  }

  get size(): number {
    return this.#members.size;
  }

  create({ bridgeId, isMixed = false }: Create): OperationOutcome {
    if (this.#members.has(bridgeId)) return done;
    this.#members.set(bridgeId, new Map());
    if (isMixed) this.#mixed.add(bridgeId);
    return done;
  }

  join({ bridgeId, legId, mode, whisperTo }: Join): OperationOutcome | Promise<OperationOutcome> {
    const members = this.#members.get(bridgeId);
    const leg = this.#legOf(legId);
    if (members === undefined) return refused("unknown_bridge", bridgeId);
    if (leg === undefined) return refused("unknown_leg", legId);
    if (mode === "whisper" && (whisperTo === undefined || whisperTo === legId || !members.has(whisperTo))) {
      return refused("unknown_leg", "whom to whisper to is not in the bridge");
    }
    const known = members.get(legId);
    if (known?.mode === mode && known.whisperTo === whisperTo) return done;
    if (known === undefined && members.size >= maxBridgeMembers) return refused("invalid_state", "the bridge is full");
    const others = [...members.keys()].filter((other) => other !== legId);
    const isMixed = this.#mixed.has(bridgeId) || others.length + (mode === "talk" ? 0 : 1) >= 2;
    const foreign = isMixed ? this.#foreignOf([...others, legId]) : undefined;
    if (foreign !== undefined) return refused("device_cannot", `${foreign} cannot be mixed`);
    if (known === undefined) this.#remove(leg);
    members.set(legId, { mode, ...(whisperTo !== undefined && { whisperTo }) });
    leg.bridgeId = bridgeId;
    return leg.enqueue(() => {
      if (leg.bridgeId === bridgeId) this.#tellMedia(bridgeId, legId);
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
    for (const legId of members.keys()) {
      const leg = this.#legOf(legId);
      if (leg !== undefined) this.#remove(leg);
    }
    this.#members.delete(bridgeId);
    this.#mixed.delete(bridgeId);
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
    return members && [...members.keys()].flatMap((legId) => this.#legOf(legId) ?? []);
  }

  othersOf(leg: Leg): readonly Leg[] {
    const members = leg.bridgeId === undefined ? undefined : this.#members.get(leg.bridgeId);
    return [...(members?.keys() ?? [])].flatMap((legId) => (legId === leg.legId ? [] : (this.#legOf(legId) ?? [])));
  }

  /** The other one of a talk, whom keys are passed on to; in a conference there is none, and who only listens has none. */
  partnerOf(leg: Leg): Leg | undefined {
    const members = leg.bridgeId === undefined ? undefined : this.#members.get(leg.bridgeId);
    const talkers = [...(members ?? [])].flatMap(([legId, { mode }]) => (mode === "talk" ? [legId] : []));
    const partner = talkers.find((legId) => legId !== leg.legId);
    const isConference = leg.bridgeId !== undefined && this.#mixed.has(leg.bridgeId);
    return isConference || talkers.length !== 2 || partner === undefined || !talkers.includes(leg.legId)
      ? undefined
      : this.#legOf(partner);
  }

  /** As it is now: another role may have been asked for since. */
  #tellMedia(bridgeId: BridgeId, legId: LegId): void {
    const role = this.#members.get(bridgeId)?.get(legId);
    if (role === undefined) return;
    const { mode, whisperTo } = role;
    const isMixed = this.#mixed.has(bridgeId);
    if (mode !== "whisper") this.media?.join(bridgeId, legId, { mode }, isMixed);
    else if (whisperTo !== undefined) this.media?.join(bridgeId, legId, { mode, whisperTo }, isMixed);
  }

  /** A codec that cannot be mixed. */
  #foreignOf(legIds: readonly LegId[]): string | undefined {
    return legIds
      .map((legId) => this.#legOf(legId)?.negotiated?.codec)
      .find((codec) => codec !== undefined && createTranscoder(codec) === undefined);
  }

  #remove(leg: Leg): void {
    if (leg.bridgeId === undefined) return;
    this.#members.get(leg.bridgeId)?.delete(leg.legId);
    leg.bridgeId = undefined;
    this.media?.leave(leg.legId);
  }
}
