import type { OfferOutcome } from "@pbx-x/protocol";
import type { Scheduler } from "@pbx-x/telephony";
import { newMisses } from "../agents/agent-calls.ts";
import type { Call } from "../calls/call.ts";

/** So long is a phone left alone that has refused an offer by itself ([Q4]). */
export const refusedPauseMs = 5000;

/** Agents whose phones refuse at once (do not disturb, at fault): without a pause each would be asked again and again. */
export class RestingAgents {
  readonly #scheduler: Scheduler;
  readonly #onRested: (extensionId: string) => void;
  /** By extension; ends the pause without more. */
  readonly #resting = new Map<string, () => void>();

  constructor(scheduler: Scheduler, onRested: (extensionId: string) => void) {
    this.#scheduler = scheduler;
    this.#onRested = onRested;
  }

  has(extensionId: string): boolean {
    return this.#resting.has(extensionId);
  }

  rest(extensionId: string): void {
    this.#resting.get(extensionId)?.();
    const cancel = this.#scheduler.after(refusedPauseMs, () => {
      this.#resting.delete(extensionId);
      this.#onRested(extensionId);
    });
    this.#resting.set(extensionId, cancel);
  }

  stop(): void {
    for (const cancel of this.#resting.values()) cancel();
    this.#resting.clear();
  }
}

/** The extensions whose phones have refused a call between two states of it before anybody there could hear it. */
export function refusedUnheard(before: Call | undefined, after: Call): readonly string[] {
  return newMisses(before, after).flatMap(({ offerId, extensionId, outcome }) =>
    refusals.has(outcome) && before !== undefined && !hasRung(before, offerId) ? [extensionId] : [],
  );
}

const refusals: ReadonlySet<OfferOutcome> = new Set<OfferOutcome>(["busy", "rejected", "failed"]);

function hasRung({ stage }: Call, offerId: string): boolean {
  switch (stage.at) {
    case "queued":
      return stage.offers.some((offer) => offer.offerId === offerId && offer.isRinging);
    case "originating":
      return stage.fork.legs.some(({ status }) => status === "ringing" || status === "early_media");
    default:
      // An attempt that the agent had answered.
      return true;
  }
}
