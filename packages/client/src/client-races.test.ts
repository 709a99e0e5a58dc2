import { describe, expect, it } from "vitest";
import { createTestbench, type Testbench } from "./client-testbench.ts";

/** A REST answer that comes when the test says so. */
function createGate(path: string): {
  readonly fetch: (bench: () => Testbench) => typeof fetch;
  readonly waiting: (() => void)[];
  isOpen: boolean;
} {
  const gate = {
    waiting: [] as (() => void)[],
    isOpen: false,
    fetch:
      (bench: () => Testbench): typeof fetch =>
      async (input, init) => {
        const { server } = bench();
        const answer = await server.fetch(input, init);
        if (String(input instanceof Request ? input.url : input).includes(path) && !gate.isOpen) {
          await new Promise<void>((resolve) => gate.waiting.push(resolve));
        }
        return answer;
      },
  };
  return gate;
}

describe("what is still under way when the connection is lost", () => {
  it("[S6] [D6] missed events that a lost connection had asked for do not disturb the next one", async () => {
    const gate = createGate("/events");
    const bench: Testbench = await createTestbench({ fetch: gate.fetch(() => bench) });
    bench.call("a", "CALL_CREATED");
    await bench.pass(500);
    bench.server.maxReplay = 1;
    bench.server.forgetSessions();
    bench.call("b", "CALL_CREATED");
    bench.call("c", "CALL_CREATED");
    await bench.pass(3000);
    expect(gate.waiting).toHaveLength(1);
    // The server starts anew; the client comes back to it, and only then the old answer arrives.
    bench.faults.newEpoch();
    gate.isOpen = true;
    await bench.pass(8000);
    expect(bench.client.connection.get().at).toBe("live");
    bench.call("d", "CALL_CREATED");
    await bench.pass(500);
    const before = { position: bench.client.position, seqs: bench.seqs() };
    for (const answer of gate.waiting) answer();
    await bench.pass(500);
    expect({ position: bench.client.position, seqs: bench.seqs() }).toEqual(before);
    bench.call("e", "CALL_CREATED");
    await bench.pass(500);
    expect(bench.client.state.calls().map(({ callId }) => callId)).toEqual(["a", "b", "c", "d", "e"]);
    expect(bench.client.position).toEqual({ epoch: bench.server.log.epoch, seq: bench.server.log.head });
  });

  it("[K9] [S6] what the server asked to repeat later is not repeated on the next connection", async () => {
    let refusals = 0;
    const bench: Testbench = await createTestbench({
      refuse: (name) => {
        if (name !== "subscribe" || refusals === 0) return undefined;
        refusals -= 1;
        return { code: "RATE_LIMIT_EXCEEDED", message: "later", retryAfterSeconds: 8 };
      },
    });
    await bench.pass(500);
    bench.server.forgetSessions();
    refusals = 1;
    await bench.pass(3000);
    expect(refusals).toBe(0);
    bench.server.cut();
    await bench.pass(4000);
    expect(bench.client.connection.get().at).toBe("live");
    const subscribed = bench.server.received.filter(({ command }) => command === "subscribe").length;
    await bench.pass(20_000);
    expect(bench.server.received.filter(({ command }) => command === "subscribe")).toHaveLength(subscribed);
  });

  it("[I9] [S40] a new token that the server has not judged yet is not asked for again by each attempt", async () => {
    const bench = await createTestbench();
    bench.faults.refuseUpgrade(503, 5);
    bench.faults.expireToken();
    await bench.pass(60_000);
    expect(bench.client.connection.get().at).toBe("live");
    expect(bench.tokenReasons).toEqual(["first", "rejected"]);
  });

  it("[D9] a channel that is released before its answer came is given back", async () => {
    const bench = await createTestbench();
    bench.faults.delay(3000);
    const release = bench.client.channels.want(["queues"]);
    await bench.pass(500);
    release();
    await bench.pass(6000);
    const sent = bench.server.received.filter(({ command }) => command === "unsubscribe");
    expect(sent.map(({ params }) => params)).toEqual([{ channels: ["queues"] }]);
    expect(bench.client.channels.status("queues")).toEqual({ is: "unwanted" });
  });

  it("[D9] a channel that is wanted again while it is given back is subscribed at the end", async () => {
    const bench = await createTestbench();
    const release = bench.client.channels.want(["queues"]);
    await bench.pass(500);
    release();
    await bench.pass(900);
    bench.faults.delay(3000);
    await bench.pass(500);
    bench.client.channels.want(["queues"]);
    await bench.pass(6000);
    expect(bench.client.channels.status("queues")).toEqual({ is: "live" });
    const sent = bench.server.received.filter(({ command }) => command !== "ping").map(({ command }) => command);
    expect(sent.slice(-2)).toEqual(["unsubscribe", "subscribe"]);
  });

  it("[D9] a channel that is wanted again after its linger, while another change is under way, is answered", async () => {
    const bench = await createTestbench();
    const release = bench.client.channels.want(["queues"]);
    await bench.pass(500);
    bench.faults.delay(3000);
    bench.client.channels.want(["trunks"]);
    await bench.pass(500);
    release();
    // The linger ends while the answer about the other channel is still on its way.
    await bench.pass(1500);
    expect(bench.client.channels.status("queues")).toEqual({ is: "unwanted" });
    bench.client.channels.want(["queues"]);
    await bench.pass(6000);
    expect(["queues", "trunks"].map((channel) => bench.client.channels.status(channel as "queues"))).toEqual([
      { is: "live" },
      { is: "live" },
    ]);
  });

  it("[D9] [S5] a channel whose answer does not come is not refused: the next connection is asked", async () => {
    const bench = await createTestbench();
    bench.faults.delay(20_000);
    bench.client.channels.want(["extensions"]);
    await bench.pass(30_000);
    expect(bench.client.channels.status("extensions")).toEqual({ is: "live" });
    expect([bench.told.channelError, bench.told.gap]).toEqual([[], []]);
  });

  it("[S42] who the user was, answered late, does not become who the user is", async () => {
    const gate = createGate("/auth/session");
    const bench: Testbench = await createTestbench({ fetch: gate.fetch(() => bench) });
    bench.server.cut();
    await bench.pass(3000);
    expect(gate.waiting).toHaveLength(1);
    await bench.client.close();
    bench.server.userId = "user-2";
    bench.server.permissions = ["calls.monitor"];
    gate.isOpen = true;
    bench.client.connect();
    await bench.pass(3000);
    expect([...bench.client.actor.get().permissions]).toEqual(["calls.monitor"]);
    for (const answer of gate.waiting) answer();
    await bench.pass(500);
    expect([...bench.client.actor.get().permissions]).toEqual(["calls.monitor"]);
  });

  it("[S42] another user has no rights of the one before while it is not known who it is", async () => {
    const gate = createGate("/auth/session");
    gate.isOpen = true;
    const bench: Testbench = await createTestbench({ fetch: gate.fetch(() => bench) });
    bench.server.cut();
    await bench.pass(3000);
    expect([...bench.client.actor.get().permissions]).toEqual(["calls.control.all"]);
    await bench.client.close();
    bench.server.userId = "user-2";
    gate.isOpen = false;
    bench.client.connect();
    await bench.pass(3000);
    expect(bench.client.connection.get().at).toBe("live");
    expect([...bench.client.actor.get().permissions]).toEqual([]);
  });

  it("[K2] [W4] a command that is given again under its id while it is open has the same answer", async () => {
    const bench = await createTestbench();
    const again = { commandId: "0199a000-0000-7000-8000-000000000001" };
    const both = [1, 2].map(() => bench.client.call.hold({ callId: "x" }, again).safe());
    await bench.pass(30_000);
    expect((await Promise.all(both)).map(({ ok }) => ok)).toEqual([true, true]);
    expect(bench.server.executed).toHaveLength(1);
  });

  it.each(["since", "backfill"] as const)(
    "[D9] [I1] a channel that is wanted first, or released, while there is no connection has its state after it (%s)",
    async (via) => {
      const bench = await createTestbench();
      const release = bench.client.channels.want(["trunks"]);
      const extension = { extensionId: "e1", number: "201", changes: { dndEnabled: true } };
      const trunk = { trunkId: "t", trunkName: "T", oldStatus: "inactive", newStatus: "active" } as const;
      const timestamp = "2026-01-01T00:00:00.000Z";
      bench.server.append({ type: "EXTENSION_STATUS_CHANGED", timestamp, data: extension }, ["extensions"]);
      await bench.pass(500);
      bench.server.append({ type: "TRUNK_STATUS_CHANGED", timestamp, data: trunk }, ["trunks"]);
      bench.call("a", "CALL_CREATED");
      await bench.pass(500);
      expect(bench.client.state.tables.trunks.size).toBe(1);
      bench.faults.refuseUpgrade(503, 2);
      bench.server.forgetSessions();
      if (via === "backfill") bench.server.maxReplay = 0;
      await bench.clock.advance(0);
      bench.call("b", "CALL_CREATED");
      bench.client.channels.want(["extensions"]);
      release();
      await bench.pass(20_000);
      expect(bench.told.resumed.map((each) => each.via)).toEqual([via]);
      expect(bench.client.state.extension("201")).toMatchObject({ dndEnabled: true });
      expect(bench.client.state.tables.trunks.size).toBe(0);
    },
  );

  it("[S42] [W14] a session that is new may have other rights: who the user is, is asked anew", async () => {
    const bench = await createTestbench();
    await bench.pass(500);
    expect([...bench.client.actor.get().permissions]).toEqual(["calls.control.all"]);
    bench.server.permissions = ["calls.monitor"];
    bench.server.forgetSessions();
    await bench.pass(3000);
    expect([...bench.client.actor.get().permissions]).toEqual(["calls.monitor"]);
  });

  it("[M8] [I1] what `me` brought stays over a loss, also where it is not known here why it is the user's own", async () => {
    const bench = await createTestbench({ channels: ["me"] });
    await bench.pass(500);
    // A queue whose member the user is, without being logged in to it.
    const timestamp = new Date(bench.clock.wall()).toISOString();
    const data = { callId: "c", queueId: "q", queueName: "Support", queueEntryId: "e", position: 1 };
    bench.server.append({ type: "QUEUE_CALL_ENTERED", timestamp, data } as never, ["me"]);
    const isThere = (): boolean => bench.client.state.tables.queueEntries.has("c");
    await bench.pass(500);
    expect(isThere()).toBe(true);
    bench.server.cut();
    await bench.pass(5000);
    expect(bench.client.connection.get().at).toBe("live");
    expect(isThere()).toBe(true);
    bench.server.forgetSessions();
    await bench.pass(5000);
    expect(bench.client.connection.get().at).toBe("live");
    expect(isThere()).toBe(true);
  });

  it("[S42] [W14] who has got another extension keeps what is of that one, whichever answer comes first", async () => {
    const bench = await createTestbench({ channels: ["me"] });
    bench.server.extension = { extensionId: "id-200", extensionNumber: "200" };
    bench.server.forgetSessions();
    await bench.pass(5000);
    const timestamp = new Date(bench.clock.wall()).toISOString();
    for (const number of ["200", "201"]) {
      const data = { extensionId: `id-${number}`, number, changes: { dndEnabled: true } };
      bench.server.append({ type: "EXTENSION_STATUS_CHANGED", timestamp, data }, ["me"]);
    }
    await bench.pass(500);
    bench.server.extension = { extensionId: "id-201", extensionNumber: "201" };
    bench.server.forgetSessions();
    await bench.pass(5000);
    expect([...bench.client.state.tables.extensions.keys()]).toEqual(["201"]);
  });
});
