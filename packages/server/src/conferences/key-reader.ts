import type { Scheduler } from "@pbx-x/telephony";
import { keyTimeoutMs } from "./door.ts";
import { type Keys, noKeys, type Order, readKey, type RoomKeys } from "./conference-keys.ts";

/** Reads the keys of everybody in a conference as orders ([V21], [V28]). */
export class KeyReader {
  readonly #scheduler: Scheduler;
  /** By the call. */
  readonly #keys = new Map<string, { readonly keys: Keys; readonly cancelTimer: () => void }>();

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** The order that this key completes. */
  press(callId: string, digit: string, room: RoomKeys): Order | undefined {
    const known = this.#keys.get(callId);
    known?.cancelTimer();
    const { keys, order } = readKey(known?.keys ?? noKeys, digit, room);
    // Who has begun a PIN and thinks better of it presses orders again.
    const cancelTimer =
      keys.pin === undefined
        ? () => undefined
        : this.#scheduler.after(keyTimeoutMs, () => this.#keep(callId, { ...noKeys, wrong: keys.wrong }));
    this.#keys.set(callId, { keys, cancelTimer });
    return order;
  }

  forget(callId: string): void {
    this.#keys.get(callId)?.cancelTimer();
    this.#keys.delete(callId);
  }

  #keep(callId: string, keys: Keys): void {
    if (this.#keys.has(callId)) this.#keys.set(callId, { keys, cancelTimer: () => undefined });
  }
}
