/** Something waiting for a client that reads slowly. */
export interface OutboxEntry {
  /** Position of a logged event; undefined for answers and ephemeral events. */
  readonly seq?: number;
  readonly frame: Buffer;
  /** Present where a later event may stand for this one ([W31]). */
  readonly merge?: MergeFacts | undefined;
  /** Makes the frame when its turn has come, of the number of logged events sent before it ([W3]). */
  readonly fill?: (delivered: number) => Buffer;
}

export interface MergeFacts {
  /** Entries of the same key may be merged. */
  readonly key: string;
  /**
   * The later one lacks what the earlier one told. Then they are merged only where nothing else goes between them: a
   * client that is cut off in between would take the position of what came between, and never learn of the earlier one.
   */
  readonly isDifference: boolean;
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
    const latest = new Map<string, number>();
    const places: (OutboxEntry | undefined)[] = [];
    let merged = 0;
    for (const entry of this.#entries) {
      const { merge } = entry;
      const place = merge === undefined ? undefined : latest.get(merge.key);
      const earlier = place === undefined ? undefined : places[place];
      const isAllowed = earlier !== undefined && (merge?.isDifference === false || place === places.length - 1);
      if (merge !== undefined && place !== undefined && isAllowed) {
        // The last place is reused, so that a run of differences stays a run.
        if (place === places.length - 1) places.pop();
        else places[place] = undefined;
        merged += 1;
      }
      if (merge !== undefined) latest.set(merge.key, places.length);
      places.push(merge !== undefined && earlier !== undefined && isAllowed ? merge.unite(earlier, entry) : entry);
    }
    this.#entries = places.filter((entry) => entry !== undefined);
    this.#bytes = this.#entries.reduce((sum, { frame }) => sum + frame.length, 0);
    return merged;
  }
}
