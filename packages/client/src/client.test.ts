import { describe, expect, it } from "vitest";
import { createTestbench } from "./client-testbench.ts";
import { isPbxError } from "./commands/pbx-error.ts";
import { AuthRequired } from "./connection/token-source.ts";

describe("connecting", () => {
  it("[S1] [S2] is live with the state of the wanted channels", async () => {
    const { client, clock } = await createTestbench();
    await client.ready();
    expect(client.connection.get()).toMatchObject({ at: "live", sessionId: expect.any(String) as string });
    expect(client.channels.status("calls")).toEqual({ is: "live" });
    expect(client.state.isStale).toBe(false);
    await client.close();
    await clock.advance(1);
    expect(clock.timers).toBe(0);
  });

  it("[S2] a refused channel is told and does not hold up the rest", async () => {
    const { client, told } = await createTestbench({ channels: ["calls", "calls: " as "calls"] });
    await client.ready();
    expect(told.channelError).toMatchObject([{ channel: "calls: ", code: "INVALID_PARAMS" }]);
    expect(client.channels.status("calls: " as "calls")).toMatchObject({ is: "refused" });
  });

  it("[S1] ready() rejects when the client closes", async () => {
    const { client } = await createTestbench({ token: () => Promise.reject(new AuthRequired()) });
    await expect(client.ready()).rejects.toThrow("closed (auth)");
  });

  it("[S12] a silent server is found dead 10 s after a ping and the client comes back by itself", async () => {
    const bench = await createTestbench();
    await bench.pass(40_000);
    expect(bench.client.connection.get().at).toBe("live");
    bench.server.goSilent();
    bench.call("a", "CALL_CREATED");
    await bench.pass(60_000);
    expect(bench.client.connection.get().at).toBe("live");
    expect(bench.told.resumed).toMatchObject([{ via: "resume", missed: 1 }]);
    expect(bench.client.state.call("a")?.state).toBe("initiated");
  });

  it("[S13] renews the token in place before it ends", async () => {
    const bench = await createTestbench();
    await bench.pass(900_000);
    expect(bench.tokenReasons).toEqual(["first", "expiring"]);
    expect(bench.server.attempts).toHaveLength(1);
  });

  it("[S13] asks again after 1, 2, 4 s when a renewal fails", async () => {
    let fails = 3;
    const bench = await createTestbench({
      token: ({ reason }) => {
        if (reason !== "expiring" || fails === 0) return Promise.resolve("token");
        fails -= 1;
        return Promise.reject(new Error("no network"));
      },
    });
    await bench.pass(900_000);
    expect(fails).toBe(0);
    expect(bench.server.attempts).toHaveLength(1);
    expect(bench.client.diagnostics.filter(({ what }) => what === "token")).toHaveLength(3);
  });

  it("[S31] is closed for good when it is opened elsewhere; connect() takes over again", async () => {
    const bench = await createTestbench();
    bench.server.disconnect("duplicate_connection", 4002, { reconnect: false });
    await bench.pass(600_000);
    expect(bench.client.connection.get()).toMatchObject({ at: "closed", reason: "fenced" });
    expect(bench.server.attempts).toHaveLength(1);
    bench.client.connect();
    await bench.pass(1000);
    expect(bench.client.connection.get().at).toBe("live");
  });

  it("[S40] [S41] a token that is refused at the door is asked anew; three times close the client", async () => {
    const bench = await createTestbench();
    bench.server.validTokens = new Set(["token-3"]);
    bench.server.cut();
    await bench.pass(10_000);
    expect(bench.client.connection.get().at).toBe("live");
    expect(bench.tokenReasons).toEqual(["first", "first", "rejected"]);
    bench.server.validTokens = new Set();
    bench.server.cut();
    await bench.pass(30_000);
    expect(bench.client.connection.get()).toMatchObject({ at: "closed", reason: "auth" });
  });

  it("[S43] no token in the address or in a diagnostic", async () => {
    const urls: string[] = [];
    const bench = await createTestbench({ token: () => Promise.resolve("very-secret-token") });
    const Inner = bench.server.webSocket;
    const other = await createTestbench({
      token: () => Promise.resolve("very-secret-token"),
      webSocket: class extends Inner {
        constructor(url: string, protocols: string[]) {
          super(url, protocols);
          urls.push(url);
        }
      },
    });
    await bench.server.flushAll();
    expect(urls.join(" ")).not.toContain("secret");
    expect(JSON.stringify([...bench.client.diagnostics, ...other.client.diagnostics])).not.toContain("secret");
  });
});

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
    const { connect } = await import("./client.ts");
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
});

describe("commands", () => {
  it("[K1] [K7] answers typed results; visible() waits for the effect's events", async () => {
    const bench = await createTestbench({
      onCommand: (_, params) => {
        bench.call((params as { callId: string }).callId, "CALL_CREATED");
        return { callId: (params as { callId: string }).callId, status: "initiated" };
      },
    });
    const request = bench.client.call.originate({ from: "200", to: "201" });
    expect(bench.client.state.pending(request.callId)).toMatchObject([{ command: "originate" }]);
    const visible = request.visible();
    await bench.server.flushAll();
    await visible;
    expect(bench.client.state.call(request.callId)?.state).toBe("initiated");
    expect(bench.client.state.pending(request.callId)).toEqual([]);
  });

  it("[K2] settles by time-out, and at most 256 are open", async () => {
    const bench = await createTestbench();
    bench.server.goSilent();
    const open = Array.from({ length: 256 }, () => bench.client.call.hold({ callId: "x" }).safe());
    const tooMany = bench.client.call.hold({ callId: "x" }).safe();
    expect(await tooMany).toMatchObject({ ok: false, error: { code: "BUSY", outcome: "not_executed" } });
    await bench.clock.advance(10_000);
    const outcomes = await Promise.all(open);
    expect(new Set(outcomes.map((each) => (each.ok ? "" : each.error.code)))).toEqual(new Set(["TIMED_OUT"]));
  });

  it("[K3] while resuming a command waits 2 s, then it was not executed", async () => {
    const bench = await createTestbench();
    bench.server.refusals = Array.from({ length: 50 }, () => 503);
    bench.server.cut();
    await bench.server.flushAll();
    const outcome = bench.client.call.hangup({ callId: "x" }).safe();
    await bench.pass(2500);
    expect(await outcome).toMatchObject({ ok: false, error: { code: "OFFLINE", outcome: "not_executed" } });
    await bench.pass(20_000);
    expect(await bench.client.call.hangup({ callId: "x" }).safe()).toMatchObject({ error: { code: "OFFLINE" } });
    expect(bench.server.executed).toEqual([]);
  });

  it("[K3] what may wait longer is sent once, the latest for its target only", async () => {
    const bench = await createTestbench();
    bench.server.refusals = [503, 503];
    bench.server.cut();
    await bench.pass(500);
    const patient = { offline: { waitMs: 30_000 } };
    const first = bench.client.extension.setDnd({ extensionId: "e1", enabled: true }, patient).safe();
    const second = bench.client.extension.setDnd({ extensionId: "e1", enabled: false }, patient).safe();
    expect(await first).toMatchObject({ ok: false, error: { code: "SUPERSEDED" } });
    await bench.pass(30_000);
    expect((await second).ok).toBe(true);
    expect(bench.server.executed).toHaveLength(1);
  });

  it("[K4] sent and not answered: repeated under the same id in a resumed session, nothing runs twice", async () => {
    const bench = await createTestbench();
    const outcome = bench.client.call.hangup({ callId: "x" }).safe();
    bench.server.cut();
    await bench.pass(5000);
    expect((await outcome).ok).toBe(true);
    expect(bench.server.executed).toHaveLength(1);
  });

  it("[K4] in another session its outcome is unknown, unless a repeat is harmless", async () => {
    const bench = await createTestbench();
    bench.server.dropNext();
    const hangup = bench.client.call.hangup({ callId: "x" }).safe();
    bench.server.dropNext();
    const mute = bench.client.call.mute({ callId: "x" }).safe();
    bench.server.forgetSessions();
    await bench.pass(5000);
    expect(await hangup).toMatchObject({ error: { code: "CONNECTION_LOST", outcome: "unknown" } });
    expect((await mute).ok).toBe(true);
  });

  it("[K5] a refusal carries its code, [K6] an abort says whether it was sent, a close ends all", async () => {
    const bench = await createTestbench();
    const before = bench.client.call.hold({ callId: "x" }, { signal: AbortSignal.abort() });
    await expect(before).rejects.toSatisfy((error) => isPbxError(error, "ABORTED") && error.outcome === "not_executed");
    const controller = new AbortController();
    const after = bench.client.call.hold({ callId: "x" }, { signal: controller.signal });
    controller.abort();
    await expect(after).rejects.toSatisfy((error) => isPbxError(error, "ABORTED") && error.outcome === "unknown");
    const open = bench.client.call.hold({ callId: "x" });
    await bench.client.close();
    await expect(open).rejects.toSatisfy((error) => isPbxError(error, "CLOSED"));
    await expect(bench.client.call.hold({ callId: "x" })).rejects.toSatisfy((error) => isPbxError(error, "CLOSED"));
    const large = await createTestbench();
    const huge = large.client.command("setPresence", { presenceStatus: "x".repeat(70_000) } as never);
    await expect(huge).rejects.toSatisfy((error) => isPbxError(error, "TOO_LARGE"));
  });
});

describe("events and model", () => {
  it("[M3] [M4] selectors hear once per change of what they read", async () => {
    const bench = await createTestbench();
    const count = bench.client.state.select((read) => read("calls").size);
    const numbers: number[] = [];
    count.subscribe(() => numbers.push(count.get()));
    bench.call("a", "CALL_CREATED");
    bench.call("b", "CALL_CREATED");
    await bench.server.flushAll();
    bench.call("b", "CALL_ENDED");
    await bench.server.flushAll();
    expect([numbers.at(-1), bench.client.state.calls().length]).toEqual([1, 1]);
    expect(bench.client.state.calls()).toBe(bench.client.state.calls());
  });

  it("[M8] ended calls are forgotten after a minute", async () => {
    const bench = await createTestbench();
    for (const type of ["CALL_CREATED", "CALL_ENDED"] as const) bench.call("a", type);
    await bench.server.flushAll();
    expect(bench.client.state.call("a")?.state).toBe("ended");
    await bench.pass(70_000);
    for (const type of ["CALL_CREATED", "CALL_ENDED"] as const) bench.call("b", type);
    await bench.server.flushAll();
    expect(bench.client.state.call("a")).toBeUndefined();
  });

  it("[M8] an iterator that is read too slowly ends with SLOW_CONSUMER, or drops the oldest", async () => {
    const bench = await createTestbench();
    const strict = bench.client.events(["CALL_CREATED"], { buffer: 2 });
    const loose = bench.client.events(["CALL_CREATED"], { buffer: 2, overflow: "oldest" });
    for (const id of ["a", "b", "c"]) bench.call(id, "CALL_CREATED");
    await bench.server.flushAll();
    const next = await loose.next();
    expect(next.done === true ? "" : next.value.data.callId).toBe("b");
    await strict.next();
    await strict.next();
    await expect(strict.next()).rejects.toMatchObject({ code: "SLOW_CONSUMER" });
  });

  it("waitFor() resolves with the first that fits, rejects when it is late", async () => {
    const bench = await createTestbench();
    const found = bench.client.waitFor("CALL_CREATED", ({ data }) => data.callId === "b", { timeoutMs: 1000 });
    const late = bench.client.waitFor("CALL_ENDED", () => true, { timeoutMs: 1000 });
    late.catch(() => undefined);
    for (const id of ["a", "b"]) bench.call(id, "CALL_CREATED");
    await bench.pass(1500);
    expect((await found).data.callId).toBe("b");
    await expect(late).rejects.toThrow("CALL_ENDED did not come within 1000 ms");
  });

  it("[W46] [K8] tells which commands are possible for this user", async () => {
    const bench = await createTestbench();
    bench.call("a", "CALL_CREATED");
    await bench.server.flushAll();
    const allowed = bench.client.state.allowed("a");
    expect([allowed?.hangup.ok, allowed?.answer.ok]).toEqual([true, false]);
  });
});
