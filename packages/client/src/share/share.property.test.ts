import { scopeFilter, type Snapshot, snapshotFromTables } from "@pbx-x/protocol/runtime";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Dispose } from "../events/emitter.ts";
import { createShareTestbench, type SharedTab, type ShareTestbench } from "./share-testbench.ts";

const channels = ["calls", "extensions"] as const;
type Wanted = (typeof channels)[number];

type Step =
  | { readonly do: "open"; readonly channel: Wanted }
  | { readonly do: "show" | "hide" | "freeze" | "thaw" | "kill" | "release"; readonly tab: number }
  | { readonly do: "want"; readonly tab: number; readonly channel: Wanted }
  | { readonly do: "call" | "extension"; readonly which: number }
  | { readonly do: "time"; readonly ms: number }
  | { readonly do: "cut" | "forget" | "refuse" | "few" };

const tab = fc.nat(3);
const channel = fc.constantFrom(...channels);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("open" as const), channel }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constantFrom("show", "hide", "freeze", "thaw", "kill", "release"), tab }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("want" as const), tab, channel }) },
  { weight: 10, arbitrary: fc.record({ do: fc.constantFrom("call", "extension"), which: fc.nat(2) }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant("time" as const), ms: fc.constantFrom(10, 100, 1000, 7000, 40_000) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("cut", "forget", "refuse", "few") }) },
);

/** A tab with what it wants now, besides what it was opened with. */
interface Open extends SharedTab {
  readonly first: Wanted;
  readonly wants: { readonly channel: Wanted; readonly release: Dispose }[];
  isGone: boolean;
}

interface Run {
  readonly bench: ShareTestbench;
  readonly tabs: Open[];
  readonly calls: Map<number, string>;
}

function openTab({ bench, tabs }: Run, first: Wanted): void {
  if (tabs.length < 4) tabs.push({ ...bench.open({ channels: [first] }), first, wants: [], isGone: false });
}

/** Calls by turns begin and end. */
function tellCall({ bench, calls }: Run, which: number): void {
  const known = calls.get(which);
  const callId = known ?? `call-${which}-${bench.server.log.head}`;
  if (known === undefined) calls.set(which, callId);
  else calls.delete(which);
  bench.call(callId, known === undefined ? "CALL_CREATED" : "CALL_ENDED");
}

function tellExtension({ bench }: Run, which: number): void {
  const isOn = bench.server.log.head % 2 === 0;
  const data = { extensionId: `e${which}`, number: `20${which}`, changes: { dndEnabled: isOn } };
  const timestamp = new Date(bench.clock.elsewhere()).toISOString();
  bench.server.append({ type: "EXTENSION_STATUS_CHANGED", timestamp, data }, ["extensions"]);
}

async function carryOut(run: Run, one: Step): Promise<void> {
  const { bench, tabs } = run;
  const chosen = "tab" in one ? tabs[one.tab % tabs.length] : undefined;
  if (chosen?.isGone === true) return;
  switch (one.do) {
    case "open":
      return openTab(run, one.channel);
    case "call":
      return tellCall(run, one.which);
    case "extension":
      return tellExtension(run, one.which);
    case "time":
      return bench.pass(one.ms);
    case "cut":
      return bench.server.cut();
    case "forget":
      return bench.server.forgetSessions();
    case "refuse":
      bench.server.refusals.push(503);
      return undefined;
    case "few":
      bench.server.maxReplay = 1;
      return undefined;
    case "want":
      chosen?.wants.push({ channel: one.channel, release: chosen.client.channels.want([one.channel]) });
      return undefined;
    case "release":
      return chosen?.wants.pop()?.release();
    case "kill":
      // Somebody stays.
      if (chosen === undefined || tabs.filter(({ isGone }) => !isGone).length < 2) return undefined;
      chosen.isGone = true;
      return chosen.tab.kill();
    default:
      return chosen?.tab[one.do]();
  }
}

function checkAlways({ tabs }: Run): void {
  for (const { seen, seqs } of tabs) {
    const ids = seen.map(({ event }) => event.eventId);
    expect(new Set(ids).size, "I2: an event came twice").toBe(ids.length);
    expect(seqs(), "I3: order").toEqual([...seqs()].toSorted((a, b) => a - b));
  }
}

function stateOf(tables: ShareTestbench["server"]["log"]["tables"], scope: readonly string[]): Snapshot["tables"] {
  return snapshotFromTables(tables, { epoch: "", seq: 0, scope, includes: scopeFilter(tables, scope) }).tables;
}

function checkEnd({ bench, tabs }: Run): void {
  const living = tabs.filter(({ isGone }) => !isGone);
  expect(living.filter(({ client }) => client.isLeader).length, "I11: one leader").toBe(1);
  expect(living.filter(({ client }) => client.tab.isForemost).length, "I11: one is foremost").toBe(1);
  // Of a tab that was killed while nobody heard of it the server in memory keeps the connection.
  if (living.length === tabs.length) expect(bench.server.connections, "T2: one connection").toBe(1);
  for (const { client, first, wants, seqs, gaps } of living) {
    expect(client.connection.get().at, "I8: live").toBe("live");
    const scope = [...new Set([first, ...wants.map((want) => want.channel)])];
    expect(
      scope.map((name) => client.channels.status(name).is),
      "S2: every channel is answered",
    ).toEqual(scope.map(() => "live"));
    expect(stateOf(client.state.tables, scope), "I1: the server's state").toEqual(
      stateOf(bench.server.log.tables, scope),
    );
    // Of the channel that it has from its beginning: what came after its first event.
    const delivered = new Set(seqs());
    const covered = gaps.map(({ from, to }) => [from?.seq ?? 0, to?.seq ?? 0] as const);
    const begin = Math.min(
      ...bench.server.log.all().flatMap(({ seq, channels: of }) => (of.has(first) && delivered.has(seq) ? [seq] : [])),
    );
    const untold = bench.server.log
      .all()
      .filter(({ seq, channels: of }) => of.has(first) && seq > begin && !delivered.has(seq))
      .filter(({ seq }) => !covered.some(([from, to]) => seq > from && seq <= to));
    expect(
      untold.map(({ seq }) => seq),
      "I4: missed and not told",
    ).toEqual([]);
  }
}

/** Dearer than one client: a tenth of its runs. */
const numRuns = Math.ceil(Number(process.env["PROPERTY_RUNS"] ?? 400) / 10);

describe("tabs of one connection under random faults", () => {
  it(
    "[T2] [I1] [I2] [I3] [I4] [I8] [I11] each ends in the server's state, nothing twice, nothing missed untold",
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
          const run: Run = { bench: createShareTestbench(), tabs: [], calls: new Map() };
          openTab(run, "calls");
          await run.bench.pass(1000);
          for (const one of steps) {
            await carryOut(run, one);
            checkAlways(run);
          }
          const { server } = run.bench;
          server.refusals = [];
          server.maxReplay = 1000;
          for (const each of run.tabs) if (!each.isGone) each.tab.thaw();
          run.tabs.find(({ isGone }) => !isGone)?.tab.show();
          await run.bench.pass(120_000);
          checkAlways(run);
          checkEnd(run);
        }),
        { numRuns, seed: Number(process.env["PROPERTY_SEED"] ?? 1) },
      );
    },
    600_000 + numRuns * 400,
  );
});
