import type { MediaService } from "@pbx-x/media";
import type { LegId, OperationOutcome } from "@pbx-x/telephony";
import { done, type Leg, refused } from "./legs/leg.ts";

/** Music for legs that are held; no playback of the PBX, so its end is told to nobody. */
export class HoldMusic {
  media: MediaService | undefined;
  readonly #playing = new Map<LegId, string>();
  #count = 0;

  async start({ legId }: Leg, path: string | undefined): Promise<OperationOutcome> {
    if (this.#playing.has(legId)) return done;
    this.#count += 1;
    const playbackId = `hold-music-${this.#count}`;
    this.#playing.set(legId, playbackId);
    const source =
      path === undefined ? ({ kind: "holdMusic" } as const) : ({ kind: "file", path, isLooped: true } as const);
    if ((await this.media?.play(legId, playbackId, source)) === true) return done;
    this.#playing.delete(legId);
    return refused("invalid_state", "the music cannot be read");
  }

  stop(legId: LegId): OperationOutcome {
    const playbackId = this.#playing.get(legId);
    if (playbackId !== undefined) this.media?.stopPlayback(playbackId);
    this.#playing.delete(legId);
    return done;
  }

  /** The leg is over, and its playback with it. */
  forget(legId: LegId): void {
    this.#playing.delete(legId);
  }
}
