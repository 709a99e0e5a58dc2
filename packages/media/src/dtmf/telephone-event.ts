/** Digits by event number (RFC 4733 §3.2). */
export const dtmfDigits = "0123456789*#ABCD";

export interface DtmfPress {
  readonly digit: string;
  readonly durationMs: number;
}

/**
 * Turns telephone-event packets into key presses, each once (RFC 4733 §2.5): told at its end, or — when every end packet
 * was lost — at the next press or after a silence.
 */
export class TelephoneEventReceiver {
  #current: { readonly timestamp: number; readonly event: number; duration: number } | undefined;
  #lastEnded: number | undefined;

  take(payload: Uint8Array, timestamp: number): readonly DtmfPress[] {
    if (payload.length < 4) return [];
    const event = payload[0] ?? 0;
    const isEnd = ((payload[1] ?? 0) & 0x80) !== 0;
    const duration = ((payload[2] ?? 0) << 8) | (payload[3] ?? 0);
    if (event >= dtmfDigits.length || timestamp === this.#lastEnded) return [];
    const presses: DtmfPress[] = [];
    if (this.#current !== undefined && this.#current.timestamp !== timestamp) presses.push(...this.finish());
    this.#current ??= { timestamp, event, duration };
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
    return [{ digit: dtmfDigits[current.event] ?? "", durationMs: Math.round(current.duration / 8) }];
  }

  get isPressed(): boolean {
    return this.#current !== undefined;
  }
}

/** The payloads of one key press: updates every 20 ms, then three ends (RFC 4733 §2.5.1.3). */
export function telephoneEventPayloads(digit: string, durationMs = 100): readonly Uint8Array[] {
  const event = dtmfDigits.indexOf(digit.toUpperCase());
  if (event < 0) return [];
  const steps = Math.max(1, Math.round(durationMs / 20));
  const payload = (duration: number, isEnd: boolean): Uint8Array =>
    Uint8Array.of(event, (isEnd ? 0x80 : 0) | 10, duration >> 8, duration & 0xff);
  const updates = Array.from({ length: steps }, (_, index) => payload((index + 1) * 160, false));
  return [...updates, ...Array.from({ length: 3 }, () => payload(steps * 160, true))];
}
