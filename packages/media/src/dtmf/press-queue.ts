import { telephoneEventPayloads } from "./telephone-event.ts";

const gapFrames = 4;
const maxPendingPackets = 1024;

/** One step of 20 ms while keys are being pressed. */
export type PressStep =
  | { readonly kind: "packet"; readonly payload: Uint8Array; readonly isFirst: boolean }
  | { readonly kind: "gap" };

/** Key presses that wait to be sent, one packet every 20 ms, with a pause after each press. */
export class PressQueue {
  readonly #steps: PressStep[] = [];

  get isEmpty(): boolean {
    return this.#steps.length === 0;
  }

  /** Whole presses only; false when some do not fit (about 85 digits wait at most). */
  push(digits: string): boolean {
    for (const digit of digits) {
      const payloads = telephoneEventPayloads(digit);
      if (payloads.length === 0) continue;
      if (this.#steps.length + payloads.length + gapFrames > maxPendingPackets) return false;
      for (const [index, payload] of payloads.entries()) {
        this.#steps.push({ kind: "packet", payload, isFirst: index === 0 });
      }
      for (let gap = 0; gap < gapFrames; gap += 1) this.#steps.push({ kind: "gap" });
    }
    return true;
  }

  next(): PressStep | undefined {
    return this.#steps.shift();
  }
}
