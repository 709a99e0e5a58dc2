/** What arrived, in order, to be waited for without a clock. */
export class Inbox<Item> {
  readonly #items: Item[] = [];
  readonly #untaken: Item[] = [];
  readonly #waiting = new Set<{
    readonly matches: (item: Item) => boolean;
    readonly resolve: (item: Item) => void;
    readonly reject: (error: Error) => void;
  }>();
  #closed: Error | undefined;

  /** Everything that ever arrived. */
  get all(): readonly Item[] {
    return this.#items;
  }

  put(item: Item): void {
    this.#items.push(item);
    for (const waiter of this.#waiting) {
      if (!waiter.matches(item)) continue;
      this.#waiting.delete(waiter);
      waiter.resolve(item);
      return;
    }
    this.#untaken.push(item);
  }

  /** Takes the first item that fits and was not taken before, now or when it comes. Rejects when closed. */
  next(matches: (item: Item) => boolean = () => true): Promise<Item> {
    const item = this.take(matches);
    if (item !== undefined) return Promise.resolve(item);
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    return new Promise((resolve, reject) => this.#waiting.add({ matches, resolve, reject }));
  }

  /** The same at once; undefined when nothing is there. */
  take(matches: (item: Item) => boolean = () => true): Item | undefined {
    const at = this.#untaken.findIndex((item) => matches(item));
    return at < 0 ? undefined : this.#untaken.splice(at, 1)[0];
  }

  /** Ends all waiting. */
  close(reason: string): void {
    this.#closed = new Error(reason);
    for (const { reject } of this.#waiting) reject(this.#closed);
    this.#waiting.clear();
  }
}
