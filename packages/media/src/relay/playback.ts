import { frameSamples } from "../mixer/jitter-buffer.ts";

/** Samples that are being played to a phone. Its time goes on even while nothing can be sent. */
export class Playback {
  readonly playbackId: string;
  readonly #samples: Int16Array;
  readonly #isLooped: boolean;
  #at = 0;

  /** @param samples at 8 kHz */
  constructor(playbackId: string, samples: Int16Array, isLooped: boolean) {
    this.playbackId = playbackId;
    this.#samples = samples;
    this.#isLooped = isLooped && samples.length > 0;
  }

  get isFinished(): boolean {
    return !this.#isLooped && this.#at >= this.#samples.length;
  }

  /** The next 20 ms; silence after the end. */
  nextFrame(): Int16Array {
    const frame = new Int16Array(frameSamples);
    for (let filled = 0; filled < frameSamples && !this.isFinished; ) {
      if (this.#at >= this.#samples.length) this.#at = 0;
      const piece = this.#samples.subarray(this.#at, this.#at + frameSamples - filled);
      frame.set(piece, filled);
      filled += piece.length;
      this.#at += piece.length;
    }
    return frame;
  }
}
