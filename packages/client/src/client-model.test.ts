import { describe, expect, it } from "vitest";
import { createTestbench } from "./client-testbench.ts";

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

  it("[S40] an iterator ends with the client: quietly after close(), else with the reason", async () => {
    const refused = await createTestbench({ token: "old" });
    const [read, unread] = [refused.client.events(["CALL_CREATED"]), refused.client.events(["CALL_CREATED"])];
    refused.call("a", "CALL_CREATED");
    await refused.server.flushAll();
    const waiting = [read.next(), read.next()] as const;
    waiting[1].catch(() => undefined);
    refused.faults.expireToken();
    await refused.pass(5000);
    expect((await waiting[0]).done).toBe(false);
    await expect(waiting[1]).rejects.toThrow("closed (auth): The fixed token was refused.");
    // What came before is read first.
    expect((await unread.next()).done).toBe(false);
    await expect(unread.next()).rejects.toThrow("closed (auth)");

    const closed = await createTestbench();
    const events = closed.client.events(["CALL_CREATED"]);
    await closed.client.close();
    expect(await events.next()).toEqual({ done: true, value: undefined });
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

  it("[M6] reading without a channel gives undefined, and says once which channel would bring it", async () => {
    const hints: string[] = [];
    const bench = await createTestbench({ channels: ["trunks"], onWarning: (hint) => hints.push(hint) });
    const { state } = bench.client;
    const names = state.select((read) => [...read("mailboxes").keys()].join());
    for (let times = 0; times < 3; times += 1) {
      expect([state.call("a"), state.extension("200"), names.get()]).toEqual([undefined, undefined, ""]);
      expect([...state.tables.queues.values()]).toEqual([]);
      await bench.pass(3000);
    }
    expect(hints).toEqual([
      '"calls" is read, but no wanted channel brings it; want "calls", or a part of it.',
      '"extensions" is read, but no wanted channel brings it; want "extensions", or a part of it.',
      '"mailboxes" is read, but no wanted channel brings it; want "voicemail", or a part of it.',
    ]);
  });

  it("[M6] a component reads before it wants: no hint for what is wanted soon after", async () => {
    const hints: string[] = [];
    const bench = await createTestbench({ channels: [], onWarning: (hint) => hints.push(hint) });
    expect(bench.client.state.calls()).toEqual([]);
    await bench.pass(500);
    bench.client.channels.want(["extension:200"]);
    await bench.pass(5000);
    expect(hints).toEqual([]);
    bench.client.state.extension("300");
    await bench.client.close();
    expect(bench.clock.timers).toBe(0);
  });

  it("[M1] has a table for each kind of thing; entities are frozen, stand at a position and refer by id", async () => {
    const bench = await createTestbench({ channels: ["calls"] });
    expect(Object.keys(bench.client.state.tables).toSorted()).toEqual([
      "agents",
      "calls",
      "conferences",
      "endedCalls",
      "extensions",
      "mailboxes",
      "memberships",
      "parkingSlots",
      "participants",
      "presence",
      "queueEntries",
      "queueStats",
      "queues",
      "registrations",
      "trunks",
    ]);
    bench.call("a", "CALL_CREATED");
    await bench.server.flushAll();
    const call = bench.client.state.call("a");
    expect(call).toMatchObject({ callId: "a", version: 1, seq: 1, legs: [] });
    expect(Object.isFrozen(call)).toBe(true);
  });
});
