/** The last ids of a kind, up to a number: tells a repeat from something new. */
export class RecentIds<Id extends string> {
  readonly #limit: number;
  readonly #ids = new Set<Id>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  has(id: Id): boolean {
    return this.#ids.has(id);
  }

  add(id: Id): void {
    this.#ids.add(id);
    if (this.#ids.size <= this.#limit) return;
    const oldest = this.#ids.values().next().value;
    if (oldest !== undefined) this.#ids.delete(oldest);
  }
}
