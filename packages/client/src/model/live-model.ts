import {
  type Actor,
  type AllowedActions,
  allowedActions,
  type AnyEvent,
  type Call,
  type CallState,
  type Change,
  commit,
  emptyTables,
  type Extension,
  type ReadonlyTables,
  reduce,
  type TableEntities,
  type TableName,
  type Tables,
} from "@pbx-x/protocol/runtime";
import type { PendingCommand } from "../commands/commander.ts";
import type { Dispose } from "../events/emitter.ts";

/** A value that changes, in the form that view libraries take. */
export interface Readable<T> {
  get(): T;
  subscribe(run: () => void): Dispose;
}

export interface CallFilter {
  readonly states?: readonly CallState[];
  /** Only calls that this number is or was party to. */
  readonly number?: string;
}

/** Reads tables; a selector is run again only when one that it read has changed ([M4]). */
export type Reader = <Name extends TableName>(table: Name) => ReadonlyMap<string, TableEntities[Name]>;

export interface EntityKey {
  readonly table: TableName;
  readonly key: string;
}

export interface LiveModelOptions {
  /** Once per frame in a page, once per turn in Node ([M3]). */
  readonly schedule: (run: () => void) => void;
  readonly actor: () => Actor;
  readonly pending: (callId: string) => readonly PendingCommand[];
  readonly onError: (error: unknown) => void;
}

const endedCallMs = 60_000;

/** The state that the events add up to. Immediate for reading; subscribers are told once per frame. */
export class LiveModel {
  readonly #options: LiveModelOptions;
  readonly #watchers = new Map<string, Set<() => void>>();
  readonly #selectors = new Set<(tables: ReadonlySet<TableName>) => void>();
  readonly #lists = new Map<TableName, readonly unknown[]>();
  readonly #recordings = new Set<Set<string>>();
  readonly #tables: Tables = emptyTables();
  #touchedTables = new Set<TableName>();
  #touchedKeys = new Set<string>();
  #isScheduled = false;
  #revision = 0;
  #isStale = true;

  constructor(options: LiveModelOptions) {
    this.#options = options;
  }

  /** Rises with each change that subscribers were told of. */
  get revision(): number {
    return this.#revision;
  }

  /** There is no connection, or something is still missed. */
  get isStale(): boolean {
    return this.#isStale;
  }

  get tables(): ReadonlyTables {
    return this.#tables;
  }

  call(id: string): Call | undefined {
    return this.#tables.calls.get(id) ?? this.#tables.endedCalls.get(id);
  }

  /** Active calls; the same array until one of them changes. */
  calls(filter?: CallFilter): readonly Call[] {
    const all = this.#list("calls");
    if (filter === undefined) return all;
    const { states, number } = filter;
    return all.filter(
      (call) =>
        (states === undefined || states.includes(call.state)) &&
        (number === undefined || call.participants.some((party) => party.number === number)),
    );
  }

  extension(number: string): Extension | undefined {
    return this.#tables.extensions.get(number);
  }

  /** Which commands are possible on a call now, and why not where not ([W46], [K8]). */
  allowed(callId: string): AllowedActions | undefined {
    const call = this.call(callId);
    return call === undefined ? undefined : allowedActions(call, this.#options.actor());
  }

  pending(callId: string): readonly PendingCommand[] {
    return this.#options.pending(callId);
  }

  /** A computed value; subscribers hear of it only when it has changed by `equal`. */
  select<T>(fn: (read: Reader) => T, equal: (a: T, b: T) => boolean = Object.is): Readable<T> {
    let readTables = new Set<TableName>();
    let seenRevision = -1;
    let value: { readonly is: T } | undefined;
    const compute = (): T => {
      if (value !== undefined && seenRevision === this.#revision && !this.#isScheduled) return value.is;
      readTables = new Set();
      const fresh = fn((table) => {
        readTables.add(table);
        return this.#tables[table] as ReadonlyMap<string, TableEntities[typeof table]>;
      });
      seenRevision = this.#revision;
      if (value === undefined || !equal(value.is, fresh)) value = { is: fresh };
      return value.is;
    };
    return {
      get: compute,
      subscribe: (run) => {
        let last = compute();
        const check = (touched: ReadonlySet<TableName>): void => {
          if (![...readTables].some((table) => touched.has(table))) return;
          const now = compute();
          if (equal(last, now)) return;
          last = now;
          this.#call(run);
        };
        this.#selectors.add(check);
        return () => this.#selectors.delete(check);
      },
    };
  }

  /** Tells of each change of one entity. */
  watch({ table, key }: EntityKey, run: () => void): Dispose {
    const id = `${table} ${key}`;
    const runs = this.#watchers.get(id) ?? new Set();
    this.#watchers.set(id, runs.add(run));
    return () => {
      runs.delete(run);
      if (runs.size === 0) this.#watchers.delete(id);
    };
  }

  /** @internal */
  apply(event: AnyEvent): void {
    this.write(reduce(this.#tables, event));
  }

  /** @internal */
  write(changes: readonly Change[]): void {
    commit(this.#tables, changes);
    for (const { table, key, after } of changes) {
      if (after === undefined) for (const removals of this.#recordings) removals.add(`${table} ${key}`);
      this.#touchedTables.add(table);
      this.#touchedKeys.add(`${table} ${key}`);
      this.#lists.delete(table);
    }
    if (changes.length > 0) this.#schedule();
  }

  /** @internal What is removed from now on, until `stop`. */
  recordRemovals(): { readonly removed: ReadonlySet<string>; readonly stop: () => void } {
    const removed = new Set<string>();
    this.#recordings.add(removed);
    return { removed, stop: () => this.#recordings.delete(removed) };
  }

  /** @internal */
  setStale(isStale: boolean): void {
    this.#isStale = isStale;
  }

  /** @internal Ended calls are kept for a minute ([M8]). */
  forgetEnded(serverNowMs: number): void {
    const old = [...this.#tables.endedCalls.values()].filter(
      ({ ended }) => ended !== undefined && serverNowMs - Date.parse(ended.at) > endedCallMs,
    );
    this.write(old.map((call) => ({ table: "endedCalls" as const, key: call.callId, before: call, after: undefined })));
  }

  #list<Name extends TableName>(table: Name): readonly TableEntities[Name][] {
    // Each list is kept under its own table's name.
    const known = this.#lists.get(table) as readonly TableEntities[Name][] | undefined;
    if (known !== undefined) return known;
    const fresh = Object.freeze([...this.#tables[table].values()]) as readonly TableEntities[Name][];
    this.#lists.set(table, fresh);
    return fresh;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#options.schedule(() => this.#publish());
  }

  #publish(): void {
    this.#isScheduled = false;
    this.#revision += 1;
    const tables = this.#touchedTables;
    const keys = this.#touchedKeys;
    this.#touchedTables = new Set();
    this.#touchedKeys = new Set();
    for (const check of Array.from(this.#selectors)) check(tables);
    for (const key of keys) for (const run of Array.from(this.#watchers.get(key) ?? [])) this.#call(run);
  }

  #call(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#options.onError(error);
    }
  }
}
