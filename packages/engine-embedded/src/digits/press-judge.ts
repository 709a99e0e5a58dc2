/** The ways in which a phone says that a key was pressed: RTP events (RFC 4733), and INFO. */
export type PressWay = "voice" | "info";

export interface KeyPress {
  readonly way: PressWay;
  readonly digit: string;
  /** Milliseconds; the same for an INFO, which is one moment. */
  readonly beganMs: number;
  readonly endedMs: number;
}

/** An INFO belongs to a press that lasts, or that began or ended not longer ago: one may be sent again after 500 ms. */
const slackMs = 600;
/** More presses than this in that time are no person's. */
const maxKept = 32;

/**
 * Tells the presses of a phone apart from their repetition by its other way ([C50]): of each way a press counts, unless the
 * other way told of the same digit at the same time; each is the repetition of one press at most.
 */
export class PressJudge {
  #kept: readonly KeyPress[] = [];

  /** True for a press that has not been heard of yet. */
  isNew(press: KeyPress): boolean {
    const told = this.#kept.find((other) => isSame(press, other));
    if (told !== undefined) {
      this.#kept = this.#kept.filter((other) => other !== told);
      return false;
    }
    const fresh = this.#kept.filter((other) => other.endedMs + slackMs >= press.beganMs);
    this.#kept = [...fresh, press].slice(-maxKept);
    return true;
  }
}

function isSame(press: KeyPress, other: KeyPress): boolean {
  if (press.way === other.way || press.digit !== other.digit) return false;
  return press.beganMs <= other.endedMs + slackMs && other.beganMs <= press.endedMs + slackMs;
}
