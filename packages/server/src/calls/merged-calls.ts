/** How long the id of a merged call is good for commands ([C5]). */
export const mergedForMs = 24 * 3600_000;
/** More than this many are forgotten, the oldest first. */
const limit = 10_000;
/** Merged into one that was merged itself, and so on. */
const maximumChain = 20;

/** Which call goes on in place of one that was merged ([C5], [C32]). */
export class MergedCalls {
  readonly #into = new Map<string, { readonly callId: string; readonly atMs: number }>();

  add(callId: string, into: string, atMs: number): void {
    this.#into.set(callId, { callId: into, atMs });
    for (const oldest of this.#into.keys()) {
      if (this.#into.size <= limit) return;
      this.#into.delete(oldest);
    }
  }

  /** The survivor's id, which may have ended meanwhile; undefined for a call that was not merged, or too long ago. */
  survivorOf(callId: string, nowMs: number): string | undefined {
    let survivor: string | undefined;
    for (let step = 0, at = callId; step < maximumChain; step += 1) {
      const merged = this.#into.get(at);
      if (merged === undefined || nowMs - merged.atMs > mergedForMs) break;
      survivor = merged.callId;
      at = survivor;
    }
    return survivor;
  }
}
