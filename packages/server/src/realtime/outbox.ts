/** Something waiting for a client that reads slowly. */
export interface OutboxEntry {
  /** Position of a logged event; undefined for answers and ephemeral events. */
  readonly seq?: number;
  readonly frame: Buffer;
  /** Present where a later event may stand for this one ([W31]). */
  readonly merge?: MergeFacts;
}

export interface MergeFacts {
  /** Entries of the same key may be merged. */
  readonly key: string;
  /** Makes one entry of both, the earlier first. */
  readonly unite: (earlier: OutboxEntry, later: OutboxEntry) => OutboxEntry;
}

/** What waits for one client, in order and in bounded memory. */
export class Outbox {
  #entries: OutboxEntry[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** Logged events that wait. */
  get events(): number {
    return this.#entries.filter(({ seq }) => seq !== undefined).length;
  }

  push(entry: OutboxEntry): void {
    this.#entries.push(entry);
    this.#bytes += entry.frame.length;
  }

  /** Everything, in order; the outbox is empty then. */
  take(): readonly OutboxEntry[] {
    const entries = this.#entries;
    this.#entries = [];
    this.#bytes = 0;
    return entries;
  }

  /** Merges what may be merged; the survivor stands at the place of the latest. Returns how many entries went. */
  conflate(): number {
    const latest = new Map<string, OutboxEntry>();
    const kept: OutboxEntry[] = [];
    const before = this.#entries.length;
    for (const entry of this.#entries) {
      const { merge } = entry;
      const earlier = merge === undefined ? undefined : latest.get(merge.key);
      const now = merge === undefined || earlier === undefined ? entry : merge.unite(earlier, entry);
      if (earlier !== undefined) kept.splice(kept.lastIndexOf(earlier), 1);
      if (merge !== undefined) latest.set(merge.key, now);
      kept.push(now);
    }
    this.#entries = kept;
    this.#bytes = kept.reduce((sum, { frame }) => sum + frame.length, 0);
    return before - kept.length;
  }
}
