import { createTurns } from "../storage/turns.ts";
import type { InboundDestination, InboundRule } from "./inbound-rule.ts";
import { parsePattern } from "./number-pattern.ts";
import type { Compiled, OutboundRule } from "./outbound-rule.ts";
import { defaultGuards, type GuardSettings } from "./outside-guard.ts";
import type { TimeProfile } from "./time-profile.ts";

/** What is configured of routing. */
export interface RoutingRecords {
  readonly outbound: OutboundRule;
  readonly inbound: InboundRule;
  readonly timeProfiles: TimeProfile;
}
export type RoutingTable = keyof RoutingRecords;

/** Where it is kept. */
export interface RoutingStore {
  load<Table extends RoutingTable>(table: Table): Promise<readonly RoutingRecords[Table][]>;
  save<Table extends RoutingTable>(table: Table, record: RoutingRecords[Table]): Promise<void>;
  remove(table: RoutingTable, id: string): Promise<void>;
  loadGuards(): Promise<GuardSettings | undefined>;
  saveGuards(guards: GuardSettings): Promise<void>;
}

/** The rules in memory, for reading without waiting; written to the store first. Changes act at once ([G21]). */
export interface RuleBook {
  readonly guards: GuardSettings;
  /** In the order in which they are tried. */
  outboundRules(): readonly Compiled<OutboundRule>[];
  inboundRules(): readonly Compiled<InboundRule>[];
  timeProfile(id: string): TimeProfile | undefined;
  find<Table extends RoutingTable>(table: Table, id: string): RoutingRecords[Table] | undefined;
  list<Table extends RoutingTable>(table: Table): readonly RoutingRecords[Table][];
  /**
   * Stores what `change` makes of a record, when no other change is under way; undefined before: there is none of this id.
   *
   * @throws what `change` throws; nothing is stored then
   */
  change<Table extends RoutingTable>(
    table: Table,
    id: string,
    change: (before: RoutingRecords[Table] | undefined) => RoutingRecords[Table],
  ): Promise<RoutingRecords[Table]>;
  /** @param check may throw; the record stays then */
  remove(table: RoutingTable, id: string, check: () => void): Promise<void>;
  changeGuards(change: (before: GuardSettings) => GuardSettings): Promise<GuardSettings>;
  /** Names of the rules that use a time profile, a trunk or an extension. */
  usersOf(id: string): readonly string[];
}

export async function createRuleBook(store: RoutingStore): Promise<RuleBook> {
  const kept: { readonly [Table in RoutingTable]: Map<string, RoutingRecords[Table]> } = {
    outbound: byId(await store.load("outbound")),
    inbound: byId(await store.load("inbound")),
    timeProfiles: byId(await store.load("timeProfiles")),
  };
  let guards = { ...defaultGuards, ...(await store.loadGuards()) };
  const inTurn = createTurns();
  const compile = () => ({
    outbound: compiled(kept.outbound.values(), ({ pattern }) => pattern),
    inbound: compiled(kept.inbound.values(), ({ didPattern }) => didPattern),
  });
  let rules = compile();
  const listed: { readonly [Table in RoutingTable]: () => readonly RoutingRecords[Table][] } = {
    outbound: () => inOrder(kept.outbound.values()),
    inbound: () => inOrder(kept.inbound.values()),
    timeProfiles: () => [...kept.timeProfiles.values()].toSorted((a, b) => a.name.localeCompare(b.name)),
  };
  return {
    get guards() {
      return guards;
    },
    outboundRules: () => rules.outbound,
    inboundRules: () => rules.inbound,
    timeProfile: (id) => kept.timeProfiles.get(id),
    find: (table, id) => kept[table].get(id),
    list: (table) => listed[table](),
    change: (table, id, change) =>
      inTurn(async () => {
        const record = change(kept[table].get(id));
        await store.save(table, record);
        kept[table].set(id, record);
        rules = compile();
        return record;
      }),
    remove: (table, id, check) =>
      inTurn(async () => {
        check();
        await store.remove(table, id);
        kept[table].delete(id);
        rules = compile();
      }),
    changeGuards: (change) =>
      inTurn(async () => {
        const changed = change(guards);
        await store.saveGuards(changed);
        guards = changed;
        return changed;
      }),
    usersOf: (id) =>
      [
        ...rules.outbound.filter((rule) => rule.timeProfileId === id || rule.trunkIds.includes(id)),
        ...rules.inbound.filter(
          ({ timeProfileId, trunkId, destination, fallbackDestination }) =>
            timeProfileId === id || trunkId === id || leadsTo(destination, id) || leadsTo(fallbackDestination, id),
        ),
      ].map(({ name }) => name),
  };
}

function leadsTo(destination: InboundDestination | undefined, id: string): boolean {
  return destination?.kind === "extension" && destination.extensionId === id;
}

function byId<Item extends { readonly id: string }>(records: readonly Item[]): Map<string, Item> {
  return new Map(records.map((record) => [record.id, record]));
}

interface Ordered {
  readonly id: string;
  readonly priority: number;
}

/** By priority, then by age: ids grow with time. */
function inOrder<Rule extends Ordered>(rules: Iterable<Rule>): readonly Rule[] {
  return [...rules].toSorted((a, b) => a.priority - b.priority || (a.id < b.id ? -1 : 1));
}

/** A pattern was checked when its rule was saved. */
function compiled<Rule extends Ordered>(
  rules: Iterable<Rule>,
  patternOf: (rule: Rule) => string,
): readonly Compiled<Rule>[] {
  return inOrder(rules).flatMap((rule) => {
    const parsed = parsePattern(patternOf(rule));
    return parsed.ok ? [{ ...rule, compiled: parsed.pattern }] : [];
  });
}
