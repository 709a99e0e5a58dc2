import type { AnyEvent, Position } from "@pbx-x/protocol/runtime";

export interface RingEntry {
  readonly event: AnyEvent;
  readonly text: string;
  /** Those that carry it; undefined where that is not known. */
  readonly channels: readonly string[] | undefined;
}

const limit = 5000;
/** So many are dropped at a time. */
const slack = 500;

/** The last logged events, for tabs that come back ([T2]). */
export class EventRing {
  #entries: RingEntry[] = [];
  #from: Position | undefined;

  /** Everything after this position is here from now on. */
  startAt(position: Position): void {
    this.#entries = [];
    this.#from = position;
  }

  get hasStart(): boolean {
    return this.#from !== undefined;
  }

  add(entry: RingEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length < limit + slack) return;
    const seq = this.#entries[slack - 1]?.event.seq;
    this.#entries = this.#entries.slice(slack);
    if (this.#from !== undefined && seq !== undefined) this.#from = { epoch: this.#from.epoch, seq };
  }

  /** Events after a position; undefined where some of them are not here. */
  after({ epoch, seq }: Position): readonly RingEntry[] | undefined {
    if (this.#from?.epoch !== epoch || seq < this.#from.seq) return undefined;
    return this.#entries.filter(({ event }) => (event.seq ?? 0) > seq);
  }
}
