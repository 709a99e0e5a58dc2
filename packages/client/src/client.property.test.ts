import { type Snapshot, snapshotFromTables } from "@pbx-x/protocol/runtime";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTestbench, type Testbench } from "./client-testbench.ts";

type Step =
  | { readonly do: "event"; readonly call: number }
  | { readonly do: "command"; readonly isRepeatable: boolean }
  | { readonly do: "time"; readonly ms: number }
  | { readonly do: "flush"; readonly frames: number }
  | { readonly do: "refuse"; readonly times: number }
  | { readonly do: "cut"; readonly code: number }
  | { readonly do: "silence" | "forget" | "drop" | "newEpoch" | "forgetLog" | "garbage" | "few" };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant("event" as const), call: fc.nat(6) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("command" as const), isRepeatable: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("flush" as const), frames: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("time" as const), ms: fc.constantFrom(100, 1000, 11_000, 45_000, 130_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("refuse" as const), times: fc.nat(4) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("cut" as const), code: fc.constantFrom(1001, 1006, 1012, 4000, 4008) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom("silence", "forget", "drop", "newEpoch", "forgetLog", "garbage", "few"),
    }) as fc.Arbitrary<Step>,
  },
);

/** Calls by turns begin and end. */
function appendEvent(bench: Testbench, open: Map<number, string>, call: number): void {
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

async function carryOut(bench: Testbench, one: Step, open: Map<number, string>, outcomes: Promise<unknown>[]) {
  const { server } = bench;
  switch (one.do) {
    case "event":
      return appendEvent(bench, open, one.call);
    case "command": {
      const { call } = bench.client;
      outcomes.push((one.isRepeatable ? call.mute({ callId: "x" }) : call.hold({ callId: "x" })).safe());
      return undefined;
    }
    case "time":
      return bench.pass(one.ms);
    case "flush":
      for (let frame = 0; frame < one.frames; frame += 1) server.flush();
      return bench.clock.settle();
    case "refuse":
      server.refusals = Array.from({ length: one.times }, () => 503);
      return undefined;
    case "cut":
      return server.cut(one.code);
    case "silence":
      return server.goSilent();
    case "forget":
      return server.forgetSessions();
    case "drop":
      server.dropNext();
      appendEvent(bench, open, 0);
      // The server's fault is found with the next heartbeat; until then nobody can know.
      return bench.pass(45_000);
    case "newEpoch":
      server.forgetSessions();
      return server.log.newEpoch();
    case "forgetLog":
      return server.log.forgetBefore(server.log.head + 1);
    case "garbage":
      return server.sendRaw("…");
    case "few":
      server.maxReplay = 2;
  }
}

/** What must hold at every moment: nothing twice, everything in order within an epoch, no storm of attempts. */
function checkAlways(bench: Testbench): void {
  const ids = bench.seen.map(({ event }) => event.eventId);
  expect(new Set(ids).size).toBe(ids.length);
  const seqs = bench.seqs();
  expect(seqs).toEqual([...seqs].toSorted((a, b) => a - b));
  const { attempts, executed } = bench.server;
  for (const at of attempts)
    expect(attempts.filter((other) => other >= at && other < at + 60_000).length).toBeLessThan(13);
  // A repeat of what sets something is harmless by definition.
  const once = executed.filter(({ command }) => command === "hold").map(({ id }) => id);
  expect(new Set(once).size).toBe(once.length);
}

function stateOf(bench: Testbench, tables = bench.client.state.tables): Snapshot["tables"] {
  return snapshotFromTables(tables, { epoch: "", seq: 0, scope: [] }).tables;
}

describe("a client under random faults", () => {
  it("[I1] [I2] [I3] [I4] [I5] [I6] [I7] [I8] [I9] ends in the server's state, nothing twice, nothing missed untold", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const bench = await createTestbench();
        const open = new Map<number, string>();
        const outcomes: Promise<unknown>[] = [];
        for (const one of steps) {
          await carryOut(bench, one, open, outcomes);
          checkAlways(bench);
        }
        bench.server.refusals = [];
        bench.server.maxReplay = 1000;
        await bench.pass(120_000);
        checkAlways(bench);
        const state = bench.client.connection.get();
        // Three protocol faults within a minute close for good, as told; all else comes back.
        if (state.at !== "closed") expect(state.at).toBe("live");
        else expect(state.reason).toBe("protocol");
        await Promise.all(outcomes);
        if (state.at === "live") {
          expect(stateOf(bench)).toEqual(stateOf(bench, bench.server.log.tables));
          const delivered = new Set(bench.seqs());
          const missed = bench.server.log.all().filter(({ seq }) => !delivered.has(seq));
          const gaps = bench.told.gap.map(({ from, to }) => [from?.seq ?? 0, to?.seq ?? 0] as const);
          const untold = missed.filter(({ seq }) => !gaps.some(([from, to]) => seq > from && seq <= to));
          expect(untold.map(({ seq }) => seq)).toEqual([]);
        }
        const before = bench.seen.length;
        await bench.client.close();
        bench.call("after", "CALL_CREATED");
        await bench.pass(60_000);
        expect([bench.seen.length, bench.clock.timers]).toEqual([before, 0]);
      }),
      { numRuns: Number(process.env["PROPERTY_RUNS"] ?? 150) },
    );
  });
});
