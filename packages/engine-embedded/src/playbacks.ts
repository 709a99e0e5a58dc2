import type { MediaService } from "@pbx-x/media";
import type { LegId, OperationOutcome, PlaybackId, PlaySource, TelephonyEvent } from "@pbx-x/telephony";
import { done, type Leg, refused } from "./legs/leg.ts";

/** What is played to which leg. Each playback is told to be finished exactly once, and before the end of its leg. */
export class Playbacks {
  media: MediaService | undefined;
  readonly #emit: (event: TelephonyEvent) => void;
  readonly #legOf = new Map<PlaybackId, LegId>();

  constructor(emit: (event: TelephonyEvent) => void) {
    this.#emit = emit;
  }

  get size(): number {
    return this.#legOf.size;
  }

  async start(leg: Leg, playbackId: PlaybackId, source: PlaySource): Promise<OperationOutcome> {
    if (this.#legOf.has(playbackId)) return done;
    const { legId } = leg;
    this.#legOf.set(playbackId, legId);
    if ((await this.media?.play(legId, playbackId, source)) === true) return done;
    this.#legOf.delete(playbackId);
    return refused("invalid_state", "the source cannot be read");
  }

  stop(playbackId: PlaybackId): OperationOutcome {
    if (!this.#legOf.has(playbackId)) return refused("unknown_playback", playbackId);
    this.media?.stopPlayback(playbackId);
    return done;
  }

  finished(playbackId: PlaybackId, isComplete: boolean): void {
    const legId = this.#legOf.get(playbackId);
    if (legId === undefined || !this.#legOf.delete(playbackId)) return;
    this.#emit({ type: "playbackFinished", playbackId, legId, isComplete });
  }

  endOf(legId: LegId): void {
    for (const [playbackId, of] of this.#legOf) if (of === legId) this.finished(playbackId, false);
  }
}
