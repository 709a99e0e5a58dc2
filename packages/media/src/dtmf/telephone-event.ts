/** Digits by event number (RFC 4733 §3.2). */
export const dtmfDigits = "0123456789*#ABCD";

export interface DtmfPress {
  readonly digit: string;
  readonly durationMs: number;
}

/** The largest duration of one packet, in units of 1/8 ms; a longer press goes on in a new segment. */
const maxDuration = 0xffff;

interface CurrentPress {
  readonly event: number;
  /** Beginning of the present segment. */
  timestamp: number;
  /** Of the segment. */
  duration: number;
  /** Of the segments before. */
  before: number;
}

/**
 * Turns telephone-event packets into key presses, each once (RFC 4733 §2.5): told at its end, or — when every end packet
 * was lost — at the next press or after a silence. The segments of a long press are one press (§2.5.1.3).
 */
export class TelephoneEventReceiver {
  #current: CurrentPress | undefined;
  #lastEnded: number | undefined;

  take(payload: Uint8Array, timestamp: number): readonly DtmfPress[] {
    if (payload.length < 4) return [];
    const event = payload[0] ?? 0;
    const isEnd = ((payload[1] ?? 0) & 0x80) !== 0;
    const duration = ((payload[2] ?? 0) << 8) | (payload[3] ?? 0);
    if (event >= dtmfDigits.length || this.#isOver(timestamp)) return [];
    const presses: DtmfPress[] = [];
    const current = this.#current;
    if (current !== undefined && current.timestamp !== timestamp) {
      const isNextSegment = event === current.event && timestamp === (current.timestamp + maxDuration) >>> 0;
      if (isNextSegment) {
        current.before += maxDuration;
        current.timestamp = timestamp;
        current.duration = 0;
      } else presses.push(...this.finish());
    }
    this.#current ??= { event, timestamp, duration, before: 0 };
    this.#current.duration = Math.max(this.#current.duration, duration);
    if (isEnd) presses.push(...this.finish());
    return presses;
  }

  /** Ends a press whose end packets never came; call it when no event packet has come for a while. */
  finish(): readonly DtmfPress[] {
    const current = this.#current;
    if (current === undefined) return [];
    this.#current = undefined;
    this.#lastEnded = current.timestamp;
    const durationMs = Math.round((current.before + current.duration) / 8);
    return [{ digit: dtmfDigits[current.event] ?? "", durationMs }];
  }

  get isPressed(): boolean {
    return this.#current !== undefined;
  }

  /** Late packets of the press that was told last, or of one shortly before it. */
  #isOver(timestamp: number): boolean {
    if (this.#lastEnded === undefined) return false;
    const before = (this.#lastEnded - timestamp) | 0;
    return before >= 0 && before <= maxDuration;
  }
}

/** The payloads of one key press: updates every 20 ms, then three ends (RFC 4733 §2.5.1.3); 8 s at most. */
export function telephoneEventPayloads(digit: string, durationMs = 100): readonly Uint8Array[] {
  const event = digit.length === 1 ? dtmfDigits.indexOf(digit.toUpperCase()) : -1;
  if (event < 0) return [];
  const steps = Math.max(1, Math.min(400, Math.round(durationMs / 20)));
  const payload = (duration: number, isEnd: boolean): Uint8Array =>
    Uint8Array.of(event, (isEnd ? 0x80 : 0) | 10, duration >> 8, duration & 0xff);
  const updates = Array.from({ length: steps }, (_, index) => payload((index + 1) * 160, false));
  return [...updates, ...Array.from({ length: 3 }, () => payload(steps * 160, true))];
}
