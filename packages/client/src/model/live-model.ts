import {
  type Actor,
  type AllowedActions,
  allowedActions,
  type AnyEvent,
  type Call,
  type Change,
  change,
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
import { type CallFilter, CallLists } from "./call-lists.ts";
import { PublishedTables } from "./published-tables.ts";
import type { Readable } from "./readable.ts";
import { isSameList } from "./same-list.ts";
import { Selection, type SelectionSource } from "./selection.ts";
import type { Reader } from "./tracked-table.ts";
import { dependency, Watchers } from "./watchers.ts";

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
  /** Something was read that is not there, of a table that is empty: perhaps no channel brings it ([M6]). */
  readonly onEmpty?: (table: TableName) => void;
  readonly warn?: (message: string) => void;
}

const endedCallMs = 60_000;

/** The state that the events add up to. Immediate for reading; subscribers see the revision that was published last. */
export class LiveModel {
  readonly #options: LiveModelOptions;
  readonly #watchers: Watchers;
  readonly #lists = new CallLists(() => this.#tables.calls);
  readonly #recordings = new Set<Set<string>>();
  readonly #tables: Tables = emptyTables();
  readonly #published = new PublishedTables();
  readonly #selectionSource: SelectionSource;
  #allowed = new WeakMap<Call, AllowedActions>();
  #isActorNew = false;
  #isScheduled = false;
  #revision = 0;
  #afterPublish: (() => void)[] = [];
  #isStale = true;

  constructor(options: LiveModelOptions) {
    this.#options = options;
    this.#watchers = new Watchers((message) => options.warn?.(message));
    this.#selectionSource = {
      tableOf: (table) => {
        this.#reading(table);
        return this.published[table];
      },
      revision: () => this.#revision,
      watchers: this.#watchers,
    };
  }

  /** Rises with each change that subscribers were told of. */
  get revision(): number {
    return this.#revision;
  }

  /** There is no connection, or something is still missed. */
  get isStale(): boolean {
    return this.#isStale;
  }

  /** As of the last event. */
  get tables(): ReadonlyTables {
    return this.#tables;
  }

  /** As of the last publication: what subscribers, selectors and hooks read ([M3]). */
  get published(): ReadonlyTables {
    return this.#published.tables;
  }

  call(id: string): Call | undefined {
    this.#reading("calls");
    return this.#tables.calls.get(id) ?? this.#tables.endedCalls.get(id);
  }

  /** Active calls; the same array until one of them changes ([M5]). */
  calls(filter?: CallFilter): readonly Call[] {
    this.#reading("calls");
    return this.#lists.get(filter);
  }

  extension(number: string): Extension | undefined {
    this.#reading("extensions");
    return this.#tables.extensions.get(number);
  }

  /** Which commands are possible on a call now, and why not where not ([W46], [K8]). */
  allowed(callId: string): AllowedActions | undefined {
    const call = this.call(callId);
    return call === undefined ? undefined : this.#allowedOn(call);
  }

  pending(callId: string): readonly PendingCommand[] {
    return this.#options.pending(callId);
  }

  /** One entity, as subscribers see it. */
  entity<Name extends TableName>(table: Name, key: string): Readable<TableEntities[Name] | undefined> {
    return {
      // A table's own entities.
      get: () => {
        this.#reading(table);
        return this.published[table].get(key) as TableEntities[Name] | undefined;
      },
      subscribe: (run) => this.watch({ table, key }, run),
    };
  }

  /** Which entities a table has, in its order; the same array until one comes or goes ([M4]). */
  keys(table: TableName): Readable<readonly string[]> {
    return this.select((read) => Object.freeze([...read(table).keys()]), isSameList);
  }

  /** What {@link LiveModel.allowed} says, as subscribers see it. */
  allowedActions(callId: string): Readable<AllowedActions | undefined> {
    const judge = (read: Reader): AllowedActions | undefined => {
      const call = read("calls").get(callId) ?? read("endedCalls").get(callId);
      return call === undefined ? undefined : this.#allowedOn(call);
    };
    return new Selection(this.#selectionSource, judge, Object.is, dependency.actor);
  }

  /** A computed value; it is computed again only when something that it read has changed, and told only when it differs by `equal`. */
  select<T>(fn: (read: Reader) => T, equal: (a: T, b: T) => boolean = Object.is): Readable<T> {
    return new Selection(this.#selectionSource, fn, equal);
  }

  /** Tells of each change of one entity. */
  watch({ table, key }: EntityKey, run: () => void): Dispose {
    return this.#watchers.add(dependency.entity(table, key), () => run());
  }

  /** @internal */
  apply(event: AnyEvent): void {
    this.write(reduce(this.#tables, event));
  }

  /** @internal */
  write(changes: readonly Change[]): void {
    commit(this.#tables, changes);
    for (const change of changes) {
      const { table, key, after } = change;
      if (after === undefined) for (const removals of this.#recordings) removals.add(`${table} ${key}`);
      this.#published.touch(change);
      if (table === "calls") this.#lists.clear();
    }
    if (changes.length > 0) this.#schedule();
  }

  /** @internal Nothing of it is left, for another user ([S42]). */
  clear(): void {
    const tables = Object.entries(this.#tables) as [TableName, Tables[TableName]][];
    this.write(
      tables.flatMap(([table, entities]) =>
        [...entities.keys()].flatMap((key) => change(this.#tables, table, key, undefined)),
      ),
    );
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

  /** @internal Another user, or other permissions. */
  actorChanged(): void {
    this.#allowed = new WeakMap();
    this.#isActorNew = true;
    this.#schedule();
  }

  /** @internal Runs as soon as subscribers see what there is now, just before they are told. */
  afterPublish(run: () => void): void {
    this.#afterPublish.push(run);
    this.#schedule();
  }

  /** @internal Ended calls are kept for a minute ([M8]). */
  forgetEnded(serverNowMs: number): void {
    const old = [...this.#tables.endedCalls.values()].filter(
      ({ ended }) => ended !== undefined && serverNowMs - Date.parse(ended.at) > endedCallMs,
    );
    this.write(old.flatMap(({ callId }) => change(this.#tables, "endedCalls", callId, undefined)));
  }

  #reading(table: TableName): void {
    if (this.#tables[table].size === 0) this.#options.onEmpty?.(table);
  }

  #allowedOn(call: Call): AllowedActions {
    const known = this.#allowed.get(call);
    if (known !== undefined) return known;
    const fresh = allowedActions(call, this.#options.actor());
    this.#allowed.set(call, fresh);
    return fresh;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#options.schedule(() => this.#publish());
  }

  #publish(): void {
    this.#isScheduled = false;
    const changed = new Set(this.#published.publish(this.#tables));
    if (this.#isActorNew) changed.add(dependency.actor);
    this.#isActorNew = false;
    if (changed.size > 0) this.#revision += 1;
    for (const run of [...this.#afterPublish.splice(0), ...this.#watchers.of(changed)]) {
      try {
        run();
      } catch (error) {
        this.#options.onError(error);
      }
    }
  }
}
