import type { LegId } from "@pbx-x/telephony";
import { type Call, legsOf } from "./call.ts";
import { CallsByExtension } from "./calls-by-extension.ts";
import { MergedCalls } from "./merged-calls.ts";

/** The calls that are going on, with their indexes. Bounded by the engine's legs; ended calls leave at once. */
export class CallRegistry {
  readonly #calls = new Map<string, Call>();
  readonly #callOfLeg = new Map<LegId, string>();
  readonly #ofExtensions = new CallsByExtension();
  readonly #callInSlot = new Map<string, string>();
  /** Newest last; for "known, but over" answers. */
  readonly #ended = new Set<string>();
  readonly #merged = new MergedCalls();
  readonly #endedLimit: number;

  constructor(endedLimit = 2000) {
    this.#endedLimit = endedLimit;
  }

  get size(): number {
    return this.#calls.size;
  }

  get(callId: string): Call | undefined {
    return this.#calls.get(callId);
  }

  ofLeg(legId: LegId): Call | undefined {
    const callId = this.#callOfLeg.get(legId);
    return callId === undefined ? undefined : this.#calls.get(callId);
  }

  /** The call that waits in a parking slot. */
  inSlot(slot: string): Call | undefined {
    const callId = this.#callInSlot.get(slot);
    return callId === undefined ? undefined : this.#calls.get(callId);
  }

  all(): Iterable<Call> {
    return this.#calls.values();
  }

  hasEnded(callId: string): boolean {
    return this.#ended.has(callId);
  }

  /** The call that goes on in place of a merged one ([C5]). */
  survivorOf(callId: string, nowMs: number): Call | undefined {
    return this.#calls.get(this.#merged.survivorOf(callId, nowMs) ?? "");
  }

  /** Calls that an extension is in, as caller or callee; one may be left out. */
  countOf(extensionId: string, exceptCallId?: string): number {
    const { length } = this.#ofExtensions.of(extensionId);
    const except = exceptCallId === undefined ? undefined : this.#calls.get(exceptCallId);
    return except !== undefined && this.#ofExtensions.has(extensionId, except) ? length - 1 : length;
  }

  /** Calls that an extension is in, the oldest first. */
  ofExtension(extensionId: string): readonly Call[] {
    return this.#ofExtensions.of(extensionId);
  }

  /** Takes the next state of a call over the former one. */
  put(before: Call | undefined, after: Call): void {
    if (before !== undefined) {
      // A leg may have come to another call in the same step.
      for (const legId of legsOf(before)) {
        if (this.#callOfLeg.get(legId) === before.callId) this.#callOfLeg.delete(legId);
      }
      if (before.stage.at === "parked") this.#callInSlot.delete(before.stage.slot);
    }
    this.#ofExtensions.put(before, after);
    if (after.stage.at === "ended") {
      this.#calls.delete(after.callId);
      this.#remember(after.callId);
      if (after.mergedInto !== undefined) this.#merged.add(after.callId, after.mergedInto, after.phaseSinceMs);
      return;
    }
    this.#calls.set(after.callId, after);
    for (const legId of legsOf(after)) this.#callOfLeg.set(legId, after.callId);
    if (after.stage.at === "parked") this.#callInSlot.set(after.stage.slot, after.callId);
  }

  #remember(callId: string): void {
    this.#ended.add(callId);
    for (const oldest of this.#ended) {
      if (this.#ended.size <= this.#endedLimit) return;
      this.#ended.delete(oldest);
    }
  }
}
