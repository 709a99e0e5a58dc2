import {
  type AnyEvent,
  commit,
  emptyTables,
  type ReadonlyTables,
  reduce,
  scopeFilter,
  type Snapshot,
  snapshotFromTables,
  type Tables,
} from "@pbx-x/protocol/runtime";
import { contentOf } from "../event-log/event-content.ts";
import type { LoggedEvent } from "../event-log/event-log.ts";

/** The state that the committed events add up to ([W26]); the same reducer makes the client's model. */
export class Projection {
  readonly #tables: Tables = emptyTables();
  #seq = 0;

  get tables(): ReadonlyTables {
    return this.#tables;
  }

  get seq(): number {
    return this.#seq;
  }

  /** State that no event of this log's reach tells: what was there before the start. */
  seed(events: readonly Pick<AnyEvent, "type" | "timestamp" | "data">[], seq: number): void {
    this.#seq = Math.max(this.#seq, seq);
    for (const [index, event] of events.entries()) {
      // One after the other, up to the position: two of them may tell of the same thing.
      const at = Math.max(0, seq - events.length + index + 1);
      commit(this.#tables, reduce(this.#tables, { ...event, seq: at } as AnyEvent));
    }
  }

  fold(event: LoggedEvent): void {
    if (event.seq <= this.#seq) return;
    this.#seq = event.seq;
    commit(this.#tables, reduce(this.#tables, contentOf(event)));
  }

  /** What these channels cover, as of now. */
  snapshot(epoch: string, scope: readonly string[], position: number): Snapshot {
    return snapshotFromTables(this.#tables, {
      epoch,
      seq: Math.max(this.#seq, position),
      scope,
      includes: scopeFilter(this.#tables, scope),
    });
  }
}
