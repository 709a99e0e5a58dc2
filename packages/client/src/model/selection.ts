import type { ReadonlyTables, TableName } from "@pbx-x/protocol/runtime";
import type { Dispose } from "../events/emitter.ts";
import type { Readable } from "./readable.ts";
import { type Reader, trackingReader } from "./tracked-table.ts";
import type { Watchers } from "./watchers.ts";

export interface SelectionSource {
  readonly tableOf: (table: TableName) => ReadonlyTables[TableName];
  readonly revision: () => number;
  readonly watchers: Watchers;
}

/** A value computed from tables, kept until something that it read has changed ([M4], [M5]). */
export class Selection<T> implements Readable<T> {
  readonly #source: SelectionSource;
  readonly #read: (read: Reader) => T;
  readonly #equal: (a: T, b: T) => boolean;
  readonly #subscribers = new Set<() => void>();
  readonly #always: readonly string[];
  #dependencies = new Map<string, Dispose>();
  #value: { readonly is: T } | undefined;
  #revision = -1;
  /** Something that was read has changed since. Only known while somebody listens. */
  #isDirty = true;

  /** `always`: what it depends on besides what it reads. */
  constructor(
    source: SelectionSource,
    read: (read: Reader) => T,
    equal: (a: T, b: T) => boolean,
    ...always: readonly string[]
  ) {
    this.#source = source;
    this.#always = always;
    this.#read = read;
    this.#equal = equal;
  }

  readonly get = (): T => {
    const isListening = this.#subscribers.size > 0;
    const isCurrent = isListening ? !this.#isDirty : this.#revision === this.#source.revision();
    return this.#value !== undefined && isCurrent ? this.#value.is : this.#compute(isListening);
  };

  readonly subscribe = (run: () => void): Dispose => {
    // Two subscriptions of one function are two.
    const own = (): void => run();
    const isFirst = this.#subscribers.size === 0;
    this.#subscribers.add(own);
    if (isFirst) this.#compute(true);
    return () => {
      this.#subscribers.delete(own);
      if (this.#subscribers.size === 0) this.#depend(new Set());
    };
  };

  #compute(isListening: boolean): T {
    const read = new Set(this.#always);
    const fresh = this.#read(trackingReader(this.#source.tableOf, (dependency) => read.add(dependency)));
    this.#revision = this.#source.revision();
    this.#isDirty = false;
    if (isListening) this.#depend(read);
    if (this.#value === undefined || !this.#equal(this.#value.is, fresh)) this.#value = { is: fresh };
    return this.#value.is;
  }

  #depend(wanted: ReadonlySet<string>): void {
    const kept = new Map<string, Dispose>();
    for (const [id, dispose] of this.#dependencies) {
      if (wanted.has(id)) kept.set(id, dispose);
      else dispose();
    }
    for (const id of wanted) if (!kept.has(id)) kept.set(id, this.#source.watchers.add(id, this.#onChange));
    this.#dependencies = kept;
  }

  readonly #onChange = (): void => {
    const before = this.#value;
    this.#isDirty = true;
    try {
      this.#compute(true);
      if (this.#value !== before) this.#tell();
    } catch (error) {
      // Who reads the value next meets the error where it can be handled.
      this.#tell();
      throw error;
    }
  };

  #tell(): void {
    for (const run of Array.from(this.#subscribers)) if (this.#subscribers.has(run)) run();
  }
}
