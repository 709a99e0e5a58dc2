const hourMs = 3600_000;

/** Outside calls that each payer has begun within the last hour ([G11]). Holds at most the limit per payer. */
export class OutsideCallCounter {
  readonly #begun = new Map<string, number[]>();
  readonly #keep: () => number;

  /** @param keep how many beginnings per payer are worth knowing: the limit */
  constructor(keep: () => number) {
    this.#keep = keep;
  }

  note(key: string, nowMs: number): void {
    const begun = [...this.#recent(key, nowMs), nowMs];
    this.#begun.set(key, begun.slice(-Math.max(1, this.#keep())));
  }

  count(key: string, nowMs: number): number {
    return this.#recent(key, nowMs).length;
  }

  #recent(key: string, nowMs: number): readonly number[] {
    const recent = (this.#begun.get(key) ?? []).filter((atMs) => atMs > nowMs - hourMs);
    if (recent.length === 0) this.#begun.delete(key);
    else this.#begun.set(key, recent);
    return recent;
  }
}
