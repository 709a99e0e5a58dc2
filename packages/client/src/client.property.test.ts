import { scopeFilter, type Snapshot, snapshotFromTables } from "@pbx-x/protocol/runtime";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTestbench, type Testbench } from "./client-testbench.ts";
import { openCommandLimit } from "./commands/commander.ts";
import type { ConnectionState } from "./connection/connection-state.ts";
import type { Dispose } from "./events/emitter.ts";

type Step =
  | { readonly do: "event"; readonly call: number }
  | { readonly do: "extension"; readonly number: number; readonly isOn: boolean }
  | { readonly do: "command"; readonly isRepeatable: boolean; readonly isAborted: boolean }
  | { readonly do: "time"; readonly ms: number }
  | { readonly do: "flush"; readonly frames: number }
  | { readonly do: "refuse"; readonly times: number }
  | { readonly do: "cut"; readonly code: number }
  | { readonly do: "sleep" | "clockJump" | "delay"; readonly ms: number }
  | { readonly do: "frame"; readonly fault: "drop" | "duplicate" | "reorder" | "truncate"; readonly isUp: boolean }
  | { readonly do: (typeof plain)[number] };

const plain = [
  "silence",
  "forget",
  "newEpoch",
  "forgetLog",
  "garbage",
  "few",
  "expireToken",
  "tokenFails",
  "slow",
  "conflate",
  "want",
  "release",
  "throwing",
  "unsubscribing",
] as const;

const record = <T extends Step["do"], Rest extends object>(name: T, rest: fc.Arbitrary<Rest>) =>
  rest.map((more) => ({ do: name, ...more }));

const step = fc.oneof(
  { weight: 16, arbitrary: record("event", fc.record({ call: fc.nat(6) })) },
  { weight: 4, arbitrary: record("extension", fc.record({ number: fc.nat(2), isOn: fc.boolean() })) },
  { weight: 6, arbitrary: record("command", fc.record({ isRepeatable: fc.boolean(), isAborted: fc.boolean() })) },
  { weight: 8, arbitrary: record("flush", fc.record({ frames: fc.integer({ min: 1, max: 4 }) })) },
  {
    weight: 8,
    arbitrary: record("time", fc.record({ ms: fc.constantFrom(100, 1000, 11_000, 45_000, 130_000, 300_000) })),
  },
  { weight: 2, arbitrary: record("refuse", fc.record({ times: fc.nat(4) })) },
  { weight: 6, arbitrary: record("cut", fc.record({ code: fc.constantFrom(1001, 1006, 1012, 4000, 4008) })) },
  { weight: 1, arbitrary: record("sleep", fc.record({ ms: fc.constantFrom(20_000, 300_000) })) },
  { weight: 1, arbitrary: record("clockJump", fc.record({ ms: fc.constantFrom(-3_600_000, 5000) })) },
  { weight: 2, arbitrary: record("delay", fc.record({ ms: fc.constantFrom(500, 5000, 20_000) })) },
  {
    weight: 4,
    arbitrary: record(
      "frame",
      fc.record({ fault: fc.constantFrom("drop", "duplicate", "reorder", "truncate"), isUp: fc.boolean() }),
    ),
  },
  { weight: 10, arbitrary: fc.constantFrom(...plain).map((name) => ({ do: name })) },
) as fc.Arbitrary<Step>;

/** What a run remembers between its steps. */
interface Run {
  readonly bench: Testbench;
  readonly open: Map<number, string>;
  readonly outcomes: Promise<{
    readonly ok: boolean;
    readonly error?: { readonly outcome: string; readonly commandId: string };
  }>[];
  readonly wants: Dispose[];
  readonly states: ConnectionState[];
  /** One that stopped listening must hear no more. */
  readonly unsubscribed: { count: number; isOver: boolean }[];
}

/** Calls by turns begin and end. */
function appendEvent({ bench, open }: Run, call: number): void {
  const id = open.get(call);
  if (id === undefined) {
    const fresh = `call-${call}-${bench.server.log.head}`;
    open.set(call, fresh);
    bench.call(fresh, "CALL_CREATED");
  } else {
    open.delete(call);
    bench.call(id, "CALL_ENDED");
  }
}

function appendExtension({ bench }: Run, number: number, isOn: boolean): void {
  const data = { extensionId: `e${number}`, number: `20${number}`, changes: { dndEnabled: isOn } };
  const timestamp = new Date(bench.clock.elsewhere()).toISOString();
  bench.server.append({ type: "EXTENSION_STATUS_CHANGED", timestamp, data }, ["extensions"]);
}

async function carryOut(run: Run, one: Step): Promise<void> {
  const { bench, outcomes, wants, unsubscribed } = run;
  const { server, faults, client } = bench;
  switch (one.do) {
    case "event":
      return appendEvent(run, one.call);
    case "extension":
      return appendExtension(run, one.number, one.isOn);
    case "command": {
      const { call } = client;
      const controller = new AbortController();
      const options = { signal: controller.signal };
      outcomes.push(
        (one.isRepeatable ? call.mute({ callId: "x" }, options) : call.hold({ callId: "x" }, options)).safe(),
      );
      if (one.isAborted) controller.abort();
      return undefined;
    }
    case "time":
      return bench.pass(one.ms);
    case "flush":
      for (let frame = 0; frame < one.frames; frame += 1) server.flush();
      return bench.clock.settle();
    case "refuse":
      return faults.refuseUpgrade(503, one.times);
    case "cut":
      return faults.close(one.code);
    case "sleep":
      return faults.sleep(one.ms);
    case "clockJump":
      return faults.clockJump(one.ms);
    case "delay":
      return faults.delay(one.ms);
    case "frame":
      faults[one.fault](one.isUp ? "toServer" : "toClient");
      appendEvent(run, 0);
      // A fault inside a connection is found with the next heartbeat; until then nobody can know.
      return bench.pass(45_000);
    case "silence":
      return faults.halfOpen();
    case "forget":
      return faults.forgetSession();
    case "newEpoch":
      return faults.newEpoch();
    case "forgetLog":
      return faults.forgetBefore();
    case "garbage":
      return server.sendRaw("…");
    case "few":
      server.maxReplay = 2;
      return undefined;
    case "expireToken":
      return faults.expireToken();
    case "tokenFails":
      return faults.tokenFails(2);
    case "slow":
      return faults.slow();
    case "conflate":
      faults.conflate();
      appendExtension(run, 0, true);
      return appendExtension(run, 0, false);
    case "want":
      wants.push(client.channels.want(["extensions"]));
      return undefined;
    case "release":
      return wants.pop()?.();
    case "throwing":
      client.on("CALL_ENDED", () => {
        throw new Error("a listener of the application");
      });
      return undefined;
    case "unsubscribing": {
      const heard = { count: 0, isOver: false };
      unsubscribed.push(heard);
      const dispose = client.on("CALL_CREATED", () => {
        heard.count += 1;
        heard.isOver = true;
        dispose();
      });
    }
  }
}

function within(times: readonly number[], windowMs: number): number {
  return Math.max(0, ...times.map((at) => times.filter((other) => other >= at && other < at + windowMs).length));
}

/** What must hold at every moment. */
function checkAlways({ bench, unsubscribed }: Run): void {
  const { client, server, seen, tokenTimes } = bench;
  const ids = seen.map(({ event }) => event.eventId);
  expect(new Set(ids).size, "I2: an event came twice").toBe(ids.length);
  const seqs = bench.seqs();
  expect(seqs, "I3: order").toEqual([...seqs].toSorted((a, b) => a - b));
  expect(within(server.attempts, 60_000), "I9: attempts").toBeLessThan(13);
  expect(within(tokenTimes, 60_000), "I9: tokens").toBeLessThan(7);
  // A repeat of what sets something is harmless by definition.
  const once = server.executed.filter(({ command }) => command === "hold").map(({ id }) => id);
  expect(new Set(once).size, "I6: a command ran twice").toBe(once.length);
  expect(client.pending.get().length, "I10: commands").toBeLessThanOrEqual(openCommandLimit);
  expect(client.diagnostics.length, "I10: diagnostics").toBeLessThanOrEqual(200);
  expect(client.state.tables.endedCalls.size, "I10: ended calls").toBeLessThanOrEqual(200);
  for (const { count } of unsubscribed) expect(count, "D3: a listener that stopped").toBeLessThan(2);
}

/** All that can be shown or logged. */
function output({ bench, states }: Run): string {
  const { told, client } = bench;
  const errors = told.error.map((error) => (error instanceof Error ? `${error.message} ${error.stack ?? ""}` : ""));
  return JSON.stringify([client.diagnostics, states, told, errors]);
}

function stateOf({ bench }: Run, isOfServer: boolean): Snapshot["tables"] {
  const tables = isOfServer ? bench.server.log.tables : bench.client.state.tables;
  // What the client wants, of what there is.
  const scope = ["calls", "extensions"].filter(
    (channel) => bench.client.channels.status(channel as "calls").is === "live",
  );
  return snapshotFromTables(tables, { epoch: "", seq: 0, scope, includes: scopeFilter(tables, scope) }).tables;
}

function checkEnd(run: Run): void {
  const { bench, wants } = run;
  const state = bench.client.connection.get();
  // Three protocol faults or refused tokens within a minute close for good, as told; all else comes back.
  if (state.at === "closed") {
    expect(["protocol", "auth"]).toContain(state.reason);
    return;
  }
  expect(state.at, "I8: live again").toBe("live");
  const isWanted = wants.length > 0;
  expect(bench.client.channels.status("extensions").is, "S2: every channel is answered").toBe(
    isWanted ? "live" : "unwanted",
  );
  expect(stateOf(run, false), "I1: the server's state").toEqual(stateOf(run, true));
  const delivered = new Set(bench.seqs());
  const missed = bench.server.log.all().filter(({ seq, channels }) => channels.has("calls") && !delivered.has(seq));
  const gaps = bench.told.gap.map(({ from, to }) => [from?.seq ?? 0, to?.seq ?? 0] as const);
  const untold = missed.filter(({ seq }) => !gaps.some(([from, to]) => seq > from && seq <= to));
  expect(
    untold.map(({ seq }) => seq),
    "I4: missed and not told",
  ).toEqual([]);
}

/** `npm run test:long` makes 20,000. */
const numRuns = Number(process.env["PROPERTY_RUNS"] ?? 150);

describe("a client under random faults", () => {
  it(
    "[I1] [I2] [I3] [I4] [I5] [I6] [I7] [I8] [I9] [I10] [I12] ends in the server's state, nothing twice, nothing missed untold",
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
          const bench = await createTestbench();
          const run: Run = { bench, open: new Map(), outcomes: [], wants: [], states: [], unsubscribed: [] };
          bench.client.connection.subscribe(() => run.states.push(bench.client.connection.get()));
          for (const one of steps) {
            await carryOut(run, one);
            checkAlways(run);
          }
          bench.faults.heal();
          bench.server.maxReplay = 1000;
          await bench.pass(120_000);
          checkAlways(run);
          const outcomes = await Promise.all(run.outcomes);
          const ran = new Set(bench.server.executed.map(({ id }) => id));
          const wrong = outcomes.filter(({ error }) => error?.outcome === "not_executed" && ran.has(error.commandId));
          expect(wrong, "I6: not executed, and yet it ran").toEqual([]);
          checkEnd(run);
          expect(output(run), "I12: a token").not.toMatch(/token-\d/);
          const before = bench.seen.length;
          await bench.client.close();
          bench.call("after", "CALL_CREATED");
          await bench.pass(60_000);
          expect([bench.seen.length, bench.clock.timers], "I7").toEqual([before, 0]);
        }),
        { numRuns, seed: Number(process.env["PROPERTY_SEED"] ?? 1) },
      );
    },
    600_000 + numRuns * 200,
  );
});
