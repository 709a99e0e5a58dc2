import type { AnyEvent, Position } from "@pbx-x/protocol/runtime";
import { IdRing } from "./id-ring.ts";

/** Where an event came from, how old it was, how many it stands for ([D7]). */
export interface Meta {
  readonly source: "live" | "replay" | "backfill";
  /** By the server's clock, as far as it is known. */
  readonly ageMs: number;
  readonly conflated: number;
}

export interface DeliveryOptions {
  /** Into the model, then to the listeners. */
  readonly apply: (event: AnyEvent, source: Meta["source"]) => void;
  /** Something is missing or came late ([D1], [D3]), or more waits than may ([M8]). */
  readonly onUnusable: (reason: "hole" | "too_many") => void;
  readonly onProgress: () => void;
  /** The events that were announced have all come. */
  readonly onReplayed: () => void;
}

/** Most events that wait while something is caught up ([M8]). */
export const liveBufferLimit = 5000;
const ringLimit = 1024;

/** Keeps the promise of [D6]: each logged event at most once, in order, and the position that the model stands at. */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #ring = new IdRing(ringLimit);
  /** What came while it is not known yet what was missed. */
  #held: AnyEvent[] | undefined = [];
  /** So many announced events are still to come. */
  #left = 0;
  #position: Position | undefined;
  #agreed: Position | undefined;
  #received = 0;
  #epoch: string | undefined;
  /** Events up to here are covered by a state or by pages: old ones may still arrive and are no fault. */
  #mark = 0;

  constructor(options: DeliveryOptions, from: Position | undefined) {
    this.#options = options;
    this.#position = from;
  }

  get position(): Position | undefined {
    return this.#position;
  }

  /** Up to where the server's count was found to be ours: nothing is missing before it ([D1]). */
  get agreed(): Position | undefined {
    return this.#agreed;
  }

  /** Logged events of this connection ([D1]). */
  get received(): number {
    return this.#received;
  }

  /** A new connection: what comes is held until it is known what was missed. */
  begin(epoch: string | undefined): void {
    this.#agreed ??= this.#position;
    this.#epoch = epoch;
    this.#received = 0;
    this.#held = [];
  }

  /** The next `count` logged events are missed ones, then it is live; what was held follows. */
  replay(count: number): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    this.#left = count;
    if (count === 0) this.#options.onReplayed();
    for (const event of held) this.#process(event);
  }

  /** A page of `GET /events`. */
  backfill(events: readonly AnyEvent[]): void {
    for (const event of events) this.#deliver(event, "backfill");
    this.#options.onProgress();
  }

  /** Moves without an event ([D2]). */
  moveTo(seq: number): void {
    const epoch = this.#epoch;
    if (epoch === undefined || !this.#isLive) return;
    if (this.#position?.epoch !== epoch || this.#position.seq < seq) this.#position = { epoch, seq };
  }

  /** The counts are equal: nothing is missing up to here. */
  agree(): void {
    this.#agreed = this.#position;
  }

  /** Forgets everything, for another user ([S42]). */
  clear(): void {
    this.#position = undefined;
    this.#agreed = undefined;
  }

  receive(event: AnyEvent): void {
    if (event.seq === undefined) {
      this.#options.apply(event, "live");
      return;
    }
    this.#received += 1;
    const held = this.#held;
    if (held === undefined) this.#process(event);
    else if (held.push(event) > liveBufferLimit) this.#options.onUnusable("too_many");
  }

  #process(event: AnyEvent): void {
    if (this.#left === 0) {
      this.#deliver(event, "live");
      return;
    }
    this.#deliver(event, "replay");
    this.#left -= 1;
    if (this.#left > 0) this.#options.onProgress();
    else this.#options.onReplayed();
  }

  get #isLive(): boolean {
    return this.#held === undefined && this.#left === 0;
  }

  #deliver(event: AnyEvent, source: Meta["source"]): void {
    const { seq, eventId } = event;
    const epoch = this.#epoch;
    if (seq === undefined || epoch === undefined) {
      this.#options.apply(event, source);
      return;
    }
    const isOld = this.#position?.epoch === epoch && seq <= this.#position.seq;
    const isKnown = eventId !== undefined && this.#ring.has(eventId);
    if (isOld || isKnown) {
      if (isOld && !isKnown && source === "live" && this.#isLive && seq > this.#mark) {
        this.#options.onUnusable("hole");
      }
      return;
    }
    if (eventId !== undefined) this.#ring.add(eventId);
    this.#position = { epoch, seq };
    this.#options.apply(event, source);
  }

  /** The position jumped here by a state or by pages: older events may still arrive and are not missing. */
  reached(position: Position): void {
    this.#position = position;
    this.#agreed = position;
    this.#mark = position.seq;
  }
}
