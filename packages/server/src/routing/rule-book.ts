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
  timeProfiles(): readonly TimeProfile[];
  timeProfile(id: string): TimeProfile | undefined;
  find<Table extends RoutingTable>(table: Table, id: string): RoutingRecords[Table] | undefined;
  /** Makes or replaces it. @param check runs before it is stored, when no other change is under way; may throw */
  save<Table extends RoutingTable>(table: Table, record: RoutingRecords[Table], check?: () => void): Promise<void>;
  remove(table: RoutingTable, id: string, check?: () => void): Promise<void>;
  setGuards(guards: GuardSettings): Promise<void>;
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
    outbound: sorted([...kept.outbound.values()], ({ pattern }) => pattern),
    inbound: sorted([...kept.inbound.values()], ({ didPattern }) => didPattern),
  });
  let rules = compile();
  return {
    get guards() {
      return guards;
    },
    outboundRules: () => rules.outbound,
    inboundRules: () => rules.inbound,
    timeProfiles: () => [...kept.timeProfiles.values()].toSorted((a, b) => a.name.localeCompare(b.name)),
    timeProfile: (id) => kept.timeProfiles.get(id),
    find: (table, id) => kept[table].get(id),
    save: (table, record, check) =>
      inTurn(async () => {
        check?.();
        await store.save(table, record);
        kept[table].set(record.id, record);
        rules = compile();
      }),
    remove: (table, id, check) =>
      inTurn(async () => {
        check?.();
        await store.remove(table, id);
        kept[table].delete(id);
        rules = compile();
      }),
    setGuards: (changed) =>
      inTurn(async () => {
        await store.saveGuards(changed);
        guards = changed;
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

/** By priority, then by age: ids grow with time. A pattern was checked when its rule was saved. */
function sorted<Rule extends { readonly id: string; readonly priority: number }>(
  rules: readonly Rule[],
  patternOf: (rule: Rule) => string,
): readonly Compiled<Rule>[] {
  return rules
    .toSorted((a, b) => a.priority - b.priority || (a.id < b.id ? -1 : 1))
    .flatMap((rule) => {
      const parsed = parsePattern(patternOf(rule));
      return parsed.ok ? [{ ...rule, compiled: parsed.pattern }] : [];
    });
}
