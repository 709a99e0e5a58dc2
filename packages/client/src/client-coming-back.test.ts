import { describe, expect, it } from "vitest";
import { connect } from "./client.ts";
import { createTestbench, type Testbench } from "./client-testbench.ts";

describe("coming back", () => {
  it("[D5] step 1: a short loss is resumed, each event once and in order", async () => {
    const bench = await createTestbench();
    bench.call("a", "CALL_CREATED");
    await bench.server.flushAll();
    bench.server.cut();
    bench.call("a", "CALL_ENDED");
    bench.call("b", "CALL_CREATED");
    await bench.pass(5000);
    bench.call("b", "CALL_ENDED");
    await bench.server.flushAll();
    expect(bench.seqs()).toEqual([1, 2, 3, 4]);
    expect(bench.seen.map(({ source }) => source)).toEqual(["live", "replay", "replay", "live"]);
    expect(bench.told.resumed).toMatchObject([{ via: "resume", missed: 2 }]);
    expect(bench.told.gap).toEqual([]);
  });

  it("[D2] resumes although no event ever came", async () => {
    const bench = await createTestbench();
    bench.server.cut();
    await bench.pass(5000);
    expect(bench.told.resumed).toMatchObject([{ via: "resume", missed: 0 }]);
  });

  it("[D5] step 2: a forgotten session is continued with `since`", async () => {
    const bench = await createTestbench();
    bench.server.forgetSessions();
    bench.call("a", "CALL_CREATED");
    await bench.pass(5000);
    expect(bench.told.resumed).toMatchObject([{ via: "since", missed: 1 }]);
    expect(bench.seqs()).toEqual([1]);
  });

  it("[D5] step 3: too many for the socket are fetched by pages, live ones wait", async () => {
    const bench = await createTestbench();
    bench.server.forgetSessions();
    bench.server.maxReplay = 5;
    for (let call = 0; call < 1200; call += 1) bench.call(`call-${call}`, "CALL_CREATED");
    await bench.pass(5000);
    bench.call("last", "CALL_CREATED");
    await bench.server.flushAll();
    expect(bench.told.resumed).toMatchObject([{ via: "backfill", missed: 1200 }]);
    expect(bench.seqs()).toEqual(Array.from({ length: 1201 }, (_, index) => index + 1));
    expect(bench.seen.at(5)?.source).toBe("backfill");
    expect(bench.client.state.calls()).toHaveLength(1201);
  });

  it.each([
    ["epoch", (bench: { server: { log: { newEpoch(): void } } }) => bench.server.log.newEpoch()],
    ["too_old", (bench: { server: { log: { forgetBefore(seq: number): void } } }) => bench.server.log.forgetBefore(99)],
  ] as const)("[D5] [D8] step 4: %s gives one gap with what changed, then live events", async (reason, fault) => {
    const bench = await createTestbench();
    bench.call("a", "CALL_CREATED");
    bench.call("b", "CALL_CREATED");
    await bench.server.flushAll();
    bench.server.forgetSessions();
    bench.call("a", "CALL_ENDED");
    bench.call("c", "CALL_CREATED");
    for (let more = 0; more < 100; more += 1) bench.call("noise", "CALL_ENDED");
    fault(bench);
    await bench.pass(5000);
    expect(bench.told.gap).toMatchObject([{ via: "snapshot", reason }]);
    const changes = bench.told.gap[0]?.changes.map(({ table, key, after }) => [table, key, after !== undefined]);
    expect(changes).toEqual([
      ["calls", "c", true],
      ["calls", "a", false],
    ]);
    expect(bench.client.state.calls().map(({ callId }) => callId)).toEqual(["b", "c"]);
    bench.call("d", "CALL_CREATED");
    await bench.server.flushAll();
    expect(bench.seqs()).toEqual([1, 2, bench.server.log.head]);
  });

  it("[D1] a frame that was lost inside a connection is noticed by the count and answered by a gap", async () => {
    const bench = await createTestbench();
    bench.server.dropNext();
    bench.call("a", "CALL_CREATED");
    bench.call("b", "CALL_CREATED");
    await bench.pass(60_000);
    expect(bench.told.gap).toMatchObject([{ reason: "hole" }]);
    expect(bench.client.state.calls()).toHaveLength(2);
    expect(bench.client.connection.get().at).toBe("live");
  });

  it("[D4] garbage makes it come back from its position, the second time with the state", async () => {
    const bench = await createTestbench();
    bench.server.sendRaw("{ not json");
    await bench.pass(5000);
    expect(bench.told.resumed).toHaveLength(1);
    bench.server.sendRaw('{"type":5}');
    await bench.pass(5000);
    expect(bench.told.gap).toMatchObject([{ reason: "malformed" }]);
    expect(bench.client.connection.get().at).toBe("live");
  });

  it("[D4] an unknown type is handed on and changes nothing", async () => {
    const bench = await createTestbench();
    const types: string[] = [];
    bench.client.onAny(({ type }) => types.push(type));
    bench.server.sendRaw(JSON.stringify({ type: "FUTURE_EVENT", timestamp: "2026-01-01T00:00:00.000Z", data: {} }));
    await bench.server.flushAll();
    expect(types).toEqual(["FUTURE_EVENT"]);
  });

  it("[D6] `from` continues an earlier process: every event after the stored position, and the state", async () => {
    const first = await createTestbench();
    first.call("a", "CALL_CREATED");
    first.call("b", "CALL_CREATED");
    await first.server.flushAll();
    const { server, clock } = first;
    const seqs: (number | undefined)[] = [];
    const second = connect({
      url: "http://pbx.test",
      token: "fixed",
      channels: ["calls"],
      from: { epoch: server.log.epoch, seq: 1 },
      webSocket: server.webSocket,
      fetch: server.fetch,
      clock,
    });
    second.onAny(({ seq }) => {
      if (seq !== undefined) seqs.push(seq);
    });
    await server.flushAll();
    expect(seqs).toEqual([2]);
    expect(
      second.state
        .calls()
        .map(({ callId }) => callId)
        .toSorted(),
    ).toEqual(["a", "b"]);
  });

  it("[D9] a channel that is wanted later brings its state; the last release lingers 1 s", async () => {
    const bench = await createTestbench({ channels: [] });
    bench.call("a", "CALL_CREATED");
    const release = bench.client.channels.want(["calls"]);
    await bench.pass(500);
    expect(bench.client.state.call("a")?.state).toBe("initiated");
    release();
    bench.client.channels.want(["calls"])();
    await bench.pass(900);
    expect(bench.client.channels.status("calls")).toEqual({ is: "live" });
    await bench.pass(1500);
    expect(bench.client.channels.status("calls")).toEqual({ is: "unwanted" });
    expect(bench.client.state.call("a")).toBeUndefined();
  });

  it.each([0, 1, 2, 3, 4, 5])(
    "[D9] a channel that is wanted or released while the client is catching up (frame %i) is not forgotten",
    async (frames) => {
      const bench = await createTestbench({ channels: ["trunks"] });
      const release = bench.client.channels.want(["queues"]);
      await bench.pass(500);
      release();
      bench.server.forgetSessions();
      await bench.server.flushAll();
      await bench.clock.advance(5000);
      for (let moved = 0; moved < frames; moved += 1) {
        bench.server.flush();
        await bench.clock.settle();
      }
      bench.client.channels.want(["calls"]);
      await bench.clock.advance(0);
      await bench.pass(5000);
      expect((["calls", "queues"] as const).map((name) => bench.client.channels.status(name).is)).toEqual([
        "live",
        "unwanted",
      ]);
      bench.call("a", "CALL_CREATED");
      await bench.pass(500);
      expect(bench.client.state.call("a")?.state).toBe("initiated");
    },
  );

  it("[D9] a channel that the server would not even look at is told as refused, and asked for again", async () => {
    let isRefusing = true;
    const bench = await createTestbench({
      channels: [],
      refuse: (name) =>
        isRefusing && name === "subscribe" ? { code: "INTERNAL_ERROR", message: "no disk" } : undefined,
    });
    bench.client.channels.want(["calls"]);
    await bench.pass(500);
    expect(bench.client.channels.status("calls")).toEqual({
      is: "refused",
      code: "INTERNAL_ERROR",
      message: "no disk",
    });
    expect(bench.told.channelError).toEqual([{ channel: "calls", code: "INTERNAL_ERROR", message: "no disk" }]);
    isRefusing = false;
    bench.server.cut();
    await bench.pass(5000);
    expect(bench.client.channels.status("calls")).toEqual({ is: "live" });
  });

  it("[D3] a listener that throws is reported and hurts nobody; a disposed one hears nothing more", async () => {
    const bench = await createTestbench();
    const heard: string[] = [];
    bench.client.on("CALL_CREATED", () => {
      stop();
      throw new Error("mine");
    });
    const stop = bench.client.on("CALL_CREATED", () => heard.push("disposed"));
    bench.client.on("CALL_CREATED", () => heard.push("other"));
    bench.call("a", "CALL_CREATED");
    await bench.server.flushAll();
    expect(heard).toEqual(["other"]);
    expect(bench.told.error).toHaveLength(1);
  });

  it("[I10] [M8] while something is caught up at most 5,000 live events wait; with more the state is taken instead", async () => {
    let isStuck = true;
    const bench: Testbench = await createTestbench({
      fetch: (input, init) =>
        String(input instanceof Request ? input.url : input).includes("/events") && isStuck
          ? new Promise(() => undefined)
          : bench.server.fetch(input, init),
    });
    bench.server.maxReplay = 0;
    bench.server.forgetSessions();
    bench.call("missed", "CALL_CREATED");
    await bench.pass(3000);
    for (let count = 0; count < 2600; count += 1) {
      bench.call(`call-${count}`, "CALL_CREATED");
      bench.call(`call-${count}`, "CALL_ENDED");
    }
    await bench.server.flushAll();
    isStuck = false;
    await bench.pass(5000);
    expect(bench.told.gap.map(({ reason }) => reason)).toEqual(["too_many"]);
    expect(bench.client.state.calls().map(({ callId }) => callId)).toEqual(["missed"]);
    expect(bench.client.connection.get().at).toBe("live");
  });

  it("[D5] [S2] a refused channel does not keep the missed events of the others away", async () => {
    const bench = await createTestbench({ channels: ["calls", "calls: " as "calls"] });
    bench.server.maxReplay = 5;
    bench.server.forgetSessions();
    for (let call = 0; call < 10; call += 1) bench.call(`call-${call}`, "CALL_CREATED");
    await bench.pass(5000);
    expect(bench.client.connection.get().at).toBe("live");
    expect(bench.told.resumed).toMatchObject([{ via: "backfill", missed: 10 }]);
  });

  it("[W24] [M8] what a channel brought goes with the right to it", async () => {
    const bench = await createTestbench();
    bench.call("a", "CALL_CREATED");
    await bench.pass(500);
    bench.server.forbidden.add("calls");
    bench.server.forgetSessions();
    bench.call("a", "CALL_ENDED");
    await bench.pass(5000);
    expect(bench.client.channels.status("calls").is).toBe("refused");
    expect(bench.client.state.calls()).toEqual([]);
  });
});
