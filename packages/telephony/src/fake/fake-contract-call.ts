import type { ContractCall, ContractSight } from "../contract/harness.ts";
import type { LegId } from "../ids.ts";
import type { LegEndCause } from "../leg-end.ts";
import type { FakeEngine } from "./fake-engine.ts";

const refusalCauses: Readonly<Record<number, LegEndCause>> = {
  403: "rejected",
  404: "not_found",
  410: "not_found",
  415: "media",
  480: "no_answer",
  484: "not_found",
  486: "busy",
  488: "media",
  600: "busy",
  603: "rejected",
  604: "not_found",
  606: "media",
};

/** One leg of the fake engine, from its far side. */
export class FakeCall implements ContractCall {
  readonly legId: LegId;
  readonly #fake: FakeEngine;

  constructor(fake: FakeEngine, legId: LegId) {
    this.#fake = fake;
    this.legId = legId;
  }

  get sees(): readonly ContractSight[] {
    const leg = this.#fake.leg(this.legId);
    return (leg?.sees ?? []).map((sight) => (sight.kind === "answered" ? { kind: "answered" } : sight));
  }

  ring = (): void => {
    if (this.#fake.leg(this.legId)?.state === "dialled") this.#fake.ring(this.legId);
  };
  earlyMedia = (): void => this.#fake.earlyMedia(this.legId);
  answer = (): void => this.#fake.answer(this.legId);
  reject = (sipCode: number): void => this.#fake.reject(this.legId, refusalCauses[sipCode] ?? "failed", sipCode);
  redirect = (number: string): void => this.#fake.redirect(this.legId, number);
  hangup = (): void => this.#fake.hangup(this.legId);
  hold = (direction: "sendonly" | "inactive"): void => this.#fake.hold(this.legId, direction === "sendonly");
  unhold = (): void => this.#fake.unhold(this.legId);
  press = (digit: string): void => this.#fake.press(this.legId, digit);
  speak = (isSpeaking: boolean): void => this.#fake.setTalking(this.legId, isSpeaking);
  hears = (other: ContractCall): boolean => other instanceof FakeCall && this.#fake.hears(this.legId, other.legId);
  hearsPlayback = (): boolean =>
    this.#fake.hearsPlayback(this.legId) !== undefined || this.#fake.hearsHoldMusic(this.legId);
}
