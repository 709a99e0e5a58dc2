import { powerOf } from "./mix.ts";

/** About -40 dBov: voice is above, a quiet room below. */
const threshold = 330 ** 2;
/** Frames of 20 ms: 60 ms of voice begin it, 600 ms of silence end it. */
const framesToBegin = 3;
const framesToEnd = 30;

/** Whether somebody talks, without flickering between two words. */
export class Talking {
  #isTalking = false;
  #against = 0;

  get isTalking(): boolean {
    return this.#isTalking;
  }

  /** One frame, undefined for silence; true when it has changed. */
  take(samples: Int16Array | undefined): boolean {
    const isLoud = samples !== undefined && powerOf(samples) >= threshold;
    if (isLoud === this.#isTalking) {
      this.#against = 0;
      return false;
    }
    this.#against += 1;
    if (this.#against < (this.#isTalking ? framesToEnd : framesToBegin)) return false;
    this.#isTalking = isLoud;
    this.#against = 0;
    return true;
  }
}
