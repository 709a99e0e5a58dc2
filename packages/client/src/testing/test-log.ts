import { type AnyEvent, commit, emptyTables, reduce, type ReadonlyTables, type Tables } from "@pbx-x/protocol/runtime";

export interface LoggedTestEvent {
  readonly event: AnyEvent;
  readonly seq: number;
  readonly channels: ReadonlySet<string>;
}

/** The server's log and what it adds up to, in memory. */
export class TestLog {
  epoch = "epoch-1";
  readonly #events: LoggedTestEvent[] = [];
  readonly #tables: Tables = emptyTables();
  #oldest = 1;
  #head = 0;

  get head(): number {
    return this.#head;
  }

  get tables(): ReadonlyTables {
    return this.#tables;
  }

  append(event: AnyEvent, channels: readonly string[], eventId: string): LoggedTestEvent {
    this.#head += 1;
    const whole: AnyEvent = { ...event, seq: this.#head, eventId };
    commit(this.#tables, reduce(this.#tables, whole));
    const logged = { event: whole, seq: this.#head, channels: new Set(channels) };
    this.#events.push(logged);
    return logged;
  }

  keeps(seq: number): boolean {
    return seq >= this.#oldest - 1 && seq <= this.#head;
  }

  after(seq: number, channels: ReadonlySet<string>): readonly LoggedTestEvent[] {
    return this.#events.filter((each) => each.seq > seq && [...each.channels].some((name) => channels.has(name)));
  }

  all(): readonly LoggedTestEvent[] {
    return this.#events;
  }

  forgetBefore(seq: number): void {
    this.#oldest = Math.max(this.#oldest, seq);
  }

  newEpoch(): void {
    this.epoch = `epoch-${Number(this.epoch.slice(6)) + 1}`;
    this.#oldest = this.#head + 1;
  }
}
