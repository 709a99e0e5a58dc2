/** Digits by event number (RFC 4733 §3.2). */
export const dtmfDigits = "0123456789*#ABCD";

export interface DtmfPress {
  readonly digit: string;
  /** At the clock of 8 kHz that voice has but Opus. */
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

/** Bytes of one event in a packet. */
const blockBytes = 4;
/** Events of one packet that are looked at; a packet of voice could hold that many by mistake. */
const maxBlocks = 8;
/** Segments whose late packets are recognised. */
const maxRemembered = 32;

/**
 * Turns telephone-event packets into key presses, each once (RFC 4733 §2.5): told at its end, or — when every end packet
 * was lost — at the next press or after a silence. The segments of a long press are one press (§2.5.1.3), the events that
 * follow each other in one packet are one press each (§2.5.1.5). A new source has timestamps of its own.
 */
export class TelephoneEventReceiver {
  #current: CurrentPress | undefined;
  /** Beginnings of the segments that are over, the newest last: late packets of theirs are nothing new. */
  #over: readonly number[] = [];
  #ssrc: number | undefined;

  take(payload: Uint8Array, timestamp: number, ssrc = 0): readonly DtmfPress[] {
    if (payload.length < blockBytes) return [];
    const before = this.#ssrc === undefined || this.#ssrc === ssrc ? [] : this.finish();
    if (this.#ssrc !== ssrc) this.#over = [];
    this.#ssrc = ssrc;
    const presses = [...before];
    const count = Math.min(maxBlocks, Math.floor(payload.length / blockBytes));
    for (let block = 0, at = timestamp; block < count; block += 1) {
      const event = payload[block * blockBytes] ?? 0;
      const second = payload[block * blockBytes + 1] ?? 0;
      const duration = ((payload[block * blockBytes + 2] ?? 0) << 8) | (payload[block * blockBytes + 3] ?? 0);
      // What another event follows is over.
      const isEnd = (second & 0x80) !== 0 || block < count - 1;
      presses.push(...this.#takeEvent(event, isEnd, duration, at));
      at = (at + duration) >>> 0;
    }
    return presses;
  }

  #takeEvent(event: number, isEnd: boolean, duration: number, timestamp: number): readonly DtmfPress[] {
    if (event >= dtmfDigits.length || this.#over.includes(timestamp)) return [];
    const presses: DtmfPress[] = [];
    const current = this.#current;
    if (current !== undefined && current.timestamp !== timestamp) {
      const isNextSegment = event === current.event && timestamp === (current.timestamp + maxDuration) >>> 0;
      if (isNextSegment) {
        this.#remember(current.timestamp);
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
    this.#remember(current.timestamp);
    const durationMs = Math.round((current.before + current.duration) / 8);
    return [{ digit: dtmfDigits[current.event] ?? "", durationMs }];
  }

  get isPressed(): boolean {
    return this.#current !== undefined;
  }

  #remember(timestamp: number): void {
    this.#over = [...this.#over, timestamp].slice(-maxRemembered);
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
