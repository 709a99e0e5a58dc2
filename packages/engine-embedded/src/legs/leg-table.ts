import { type DialogId, dialogKey } from "@pbx-x/sip";
import type { LegId, OperationOutcome } from "@pbx-x/telephony";
import { RecentIds } from "../recent-ids.ts";
import { DialledLeg } from "./dialled-leg.ts";
import { type Leg, refused } from "./leg.ts";
import { OfferedLeg } from "./offered-leg.ts";

/** How many ended dials a repeat is recognised of. */
const rememberedDials = 10_000;
/** Of how many ended dialogs it is known that they were there. */
const rememberedDialogs = 1000;

type Outcome = OperationOutcome | Promise<OperationOutcome>;

/** The legs that are alive, up to a limit, and how an operation reaches one of them. */
export class LegTable {
  readonly limit: number;
  readonly #legs = new Map<LegId, Leg>();
  readonly #ended = new RecentIds<LegId>(rememberedDials);
  readonly #endedDialogs = new RecentIds<string>(rememberedDialogs);

  constructor(limit: number) {
    this.limit = limit;
  }

  get size(): number {
    return this.#legs.size;
  }

  get isFull(): boolean {
    return this.#legs.size >= this.limit;
  }

  get(legId: LegId): Leg | undefined {
    return this.#legs.get(legId);
  }

  all(): Iterable<Leg> {
    return this.#legs.values();
  }

  /** It is there, or was there not long ago. */
  knows(legId: LegId): boolean {
    return this.#legs.has(legId) || this.#ended.has(legId);
  }

  add(leg: Leg): void {
    this.#legs.set(leg.legId, leg);
  }

  end(legId: LegId): void {
    const dialog = this.#legs.get(legId)?.dialogId;
    if (dialog !== undefined) this.#endedDialogs.add(dialogKey(dialog));
    this.#legs.delete(legId);
    this.#ended.add(legId);
  }

  /** It was there not long ago. */
  hasEnded(dialog: DialogId): boolean {
    return this.#endedDialogs.has(dialogKey(dialog));
  }

  /** Confirmed or early. */
  ofDialog(dialog: DialogId): Leg | undefined {
    return [...this.#legs.values()].find((leg) => leg.isDialog(dialog));
  }

  /** Operations of one leg are carried out one after the other. */
  onLeg(legId: LegId, act: (leg: Leg) => Outcome): Outcome {
    const leg = this.#legs.get(legId);
    return leg === undefined ? refused("unknown_leg", legId) : leg.enqueue(() => act(leg));
  }

  /** In its turn, except where the INVITE is not out yet: the leg ends at once then, and none goes out. */
  onEnding(legId: LegId, act: (leg: Leg) => Outcome): Outcome {
    const leg = this.#legs.get(legId);
    if (!(leg instanceof DialledLeg) || leg.hasBegun) return this.onLeg(legId, act);
    return Promise.resolve(leg).then(act);
  }

  onOffered(legId: LegId, act: (leg: OfferedLeg) => OperationOutcome): Outcome {
    return this.onLeg(legId, (leg) =>
      leg instanceof OfferedLeg ? act(leg) : refused("invalid_state", "it was dialled, not offered"),
    );
  }

  /** Not in the queue: it waits for the device, and a hang-up must not wait for it. */
  onDevice(legId: LegId, act: (leg: Leg) => Outcome): Outcome {
    const leg = this.#legs.get(legId);
    return leg === undefined ? refused("unknown_leg", legId) : act(leg);
  }

  onDialled(legId: LegId, act: (leg: DialledLeg) => Promise<OperationOutcome>): Outcome {
    return this.onDevice(legId, (leg) =>
      leg instanceof DialledLeg ? act(leg) : refused("device_cannot", "it called by itself"),
    );
  }
}
