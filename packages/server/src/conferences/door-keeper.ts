import type { Scheduler } from "@pbx-x/telephony";
import type { Call, CallStage } from "../calls/call.ts";
import type { ConferenceRoom } from "./conference-room.ts";
import { decideKey, decideKeyTimeout, type Door, type DoorOutcome, keyTimeoutMs } from "./door.ts";

export type InConference = Extract<CallStage, { at: "conference" }>;

/** A call at the door of a room. */
export interface Waiting {
  readonly call: Call;
  readonly stage: InConference;
  readonly room: ConferenceRoom;
  readonly door: Door;
}

/** Who waits at a door for how long ([V20]); what comes of a key or of none is judged elsewhere. */
export class DoorKeeper {
  readonly #scheduler: Scheduler;
  readonly #judge: (waiting: Waiting, outcome: DoorOutcome) => void;
  /** By the call. */
  readonly #doors = new Map<string, Waiting & { readonly cancelTimer: () => void }>();

  constructor(scheduler: Scheduler, judge: (waiting: Waiting, outcome: DoorOutcome) => void) {
    this.#scheduler = scheduler;
    this.#judge = judge;
  }

  /** Waits for the next key. */
  wait(waiting: Waiting): void {
    const { callId } = waiting.call;
    this.forget(callId);
    const cancelTimer = this.#scheduler.after(keyTimeoutMs, () => {
      const now = this.#doors.get(callId);
      if (now !== undefined) this.#judge(now, decideKeyTimeout(now.door, now.room));
    });
    this.#doors.set(callId, { ...waiting, cancelTimer });
  }

  /** False where the call waits at no door. @param heard called before the key is judged */
  press(callId: string, digit: string, heard: (waiting: Waiting) => void): boolean {
    const waiting = this.#doors.get(callId);
    if (waiting === undefined) return false;
    heard(waiting);
    this.#judge(waiting, decideKey(waiting.door, waiting.room, digit));
    return true;
  }

  forget(callId: string): void {
    this.#doors.get(callId)?.cancelTimer();
    this.#doors.delete(callId);
  }
}
