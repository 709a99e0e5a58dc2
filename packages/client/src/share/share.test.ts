import type { AnyEvent } from "@pbx-x/protocol/runtime";
import { describe, expect, it } from "vitest";
import { Candidate } from "./candidate.ts";
import { createShareTestbench, type SharedTab, type ShareTestbench } from "./share-testbench.ts";
import { sdkVersion } from "./version.ts";

/** Tabs of a group, live. */
async function openTabs(bench: ShareTestbench, count: number): Promise<readonly SharedTab[]> {
  const tabs: SharedTab[] = [];
  for (let number = 0; number < count; number += 1) {
    tabs.push(bench.open());
    await bench.pass(500);
  }
  await bench.pass(1000);
  expect(tabs.map(({ client }) => client.connection.get().at)).toEqual(tabs.map(() => "live"));
  return tabs;
}

function leadersOf(tabs: readonly SharedTab[]): readonly SharedTab[] {
  return tabs.filter(({ client }) => client.isLeader);
}

function leaderOf(tabs: readonly SharedTab[]): SharedTab {
  const [leader] = leadersOf(tabs);
  if (leader === undefined) throw new Error("no tab leads");
  return leader;
}

describe("several tabs", () => {
  it("[T1] [T2] have one connection; each hears every event once, with its own model", async () => {
    const bench = createShareTestbench();
    bench.call("before", "CALL_CREATED");
    const tabs = await openTabs(bench, 3);
    expect([bench.server.connections, leadersOf(tabs).length]).toEqual([1, 1]);
    for (const id of ["a", "b"]) bench.call(id, "CALL_CREATED");
    await bench.pass(100);
    for (const { client, seqs } of tabs) {
      expect(seqs()).toEqual([2, 3]);
      expect(client.state.calls().map(({ callId }) => callId)).toEqual(["before", "a", "b"]);
    }
    await bench.pass(120_000);
    expect([bench.server.attempts.length, new Set(tabs.flatMap(({ gaps }) => gaps)).size]).toEqual([1, 0]);
  });

  it("[T1] tabs of another user, or without the same address, do not meet", async () => {
    const bench = createShareTestbench();
    const tabs = [bench.open({ user: "u1" }), bench.open({ user: "u2" }), bench.open({ url: "http://pbx.test/b" })];
    await bench.pass(3000);
    expect([bench.server.connections, leadersOf(tabs).length]).toEqual([3, 3]);
  });

  it("[T2] a tab hears what its own channels carry, and gets its own channel's errors", async () => {
    const bench = createShareTestbench();
    const all = bench.open();
    const few = bench.open({ channels: ["extensions"] });
    await bench.pass(3000);
    bench.call("a", "CALL_CREATED");
    const timestamp = new Date(bench.clock.wall()).toISOString();
    const data = { extensionId: "e1", number: "200", changes: { dndEnabled: true } };
    bench.server.append({ type: "EXTENSION_STATUS_CHANGED", timestamp, data }, ["extensions"]);
    await bench.pass(100);
    expect([all.seqs(), few.seqs()]).toEqual([[1], [2]]);
    expect([few.client.state.calls().length, all.client.state.extension("200")]).toEqual([0, undefined]);
  });

  it("[T2] [W23] a tab that watches one queue hears that an agent has left it", async () => {
    const bench = createShareTestbench();
    bench.open();
    const watching = bench.open({ channels: ["queues:q1"] });
    await bench.pass(3000);
    const agent = { agentId: "a1", extensionId: "e200", number: "200", name: "Anna" };
    const timestamp = new Date(bench.clock.wall()).toISOString();
    const tell = (type: "AGENT_LOGGED_IN" | "AGENT_LOGGED_OUT", more: object): void =>
      bench.server.append({ type, timestamp, data: { ...agent, ...more } } as AnyEvent, ["agents", "queues:q1"]);
    tell("AGENT_LOGGED_IN", { queues: [{ queueId: "q1", queueName: "Sales" }] });
    tell("AGENT_LOGGED_OUT", { totalCallsToday: 0, totalTalkTimeSeconds: 0 });
    await bench.pass(500);
    expect(watching.seen.map(({ event }) => event.type)).toEqual(["AGENT_LOGGED_IN", "AGENT_LOGGED_OUT"]);
  });

  it("[T2] commands of each tab get their answers, and visible() waits for the effect", async () => {
    const bench = createShareTestbench({
      onCommand: (_, params) => {
        const { callId } = params as { readonly callId: string };
        bench.call(callId, "CALL_CREATED");
        return { callId, status: "initiated" };
      },
    });
    const tabs = await openTabs(bench, 2);
    for (const { client } of tabs) {
      const request = client.call.originate({ from: "200", to: "201" });
      const visible = request.visible();
      await bench.pass(200);
      expect((await visible).callId).toBe(request.callId);
      expect(client.state.call(request.callId)?.state).toBe("initiated");
    }
    expect(bench.server.executed).toHaveLength(2);
  });

  it("[T2] [K4] the leader is killed in a command: the next resumes the session, repeats under the same id, no gap", async () => {
    const bench = createShareTestbench();
    const tabs = await openTabs(bench, 3);
    const leader = leaderOf(tabs);
    const others = tabs.filter((tab) => tab !== leader);
    bench.server.dropNext();
    const outcomes = others.map(({ client }) => client.call.hangup({ callId: "x" }).safe());
    await bench.clock.settle();
    leader.tab.kill();
    bench.call("while", "CALL_CREATED");
    await bench.pass(10_000);
    expect(leadersOf(others)).toHaveLength(1);
    bench.call("after", "CALL_CREATED");
    await bench.pass(500);
    for (const { client, seqs, gaps } of others) {
      expect([client.connection.get().at, seqs(), gaps]).toEqual(["live", [1, 2], []]);
    }
    expect((await Promise.all(outcomes)).map(({ ok }) => ok)).toEqual([true, true]);
    const ids = bench.server.executed.map(({ id }) => id);
    expect([ids.length, new Set(ids).size]).toEqual([2, 2]);
    expect(bench.server.greetings.map(({ isResumed }) => isResumed)).toEqual([false, true]);
  });

  it("[T2] [T3] a frozen leader is taken over by a visible tab after 6 s; on waking it follows", async () => {
    const bench = createShareTestbench();
    const tabs = await openTabs(bench, 3);
    const leader = leaderOf(tabs);
    const [visible, hidden] = tabs.filter((tab) => tab !== leader);
    visible?.tab.show();
    leader.tab.freeze();
    await bench.pass(4000);
    expect(visible?.client.isLeader).toBe(false);
    bench.call("a", "CALL_CREATED");
    await bench.pass(8000);
    expect([visible?.client.isLeader, hidden?.client.isLeader]).toEqual([true, false]);
    bench.call("b", "CALL_CREATED");
    await bench.pass(500);
    expect([visible?.seqs(), hidden?.seqs()]).toEqual([
      [1, 2],
      [1, 2],
    ]);
    leader.tab.thaw();
    await bench.pass(10_000);
    expect(leadersOf(tabs).map((tab) => tabs.indexOf(tab))).toEqual([
      visible === undefined ? -1 : tabs.indexOf(visible),
    ]);
    expect(tabs.map(({ client }) => client.connection.get().at)).toEqual(["live", "live", "live"]);
    expect([leader.seqs(), leader.gaps]).toEqual([[1, 2], []]);
  });

  it("[T2] a tab that stood still itself does not take the silence that it did not hear for the leader's", async () => {
    const bench = createShareTestbench();
    const tabs = await openTabs(bench, 2);
    const leader = leaderOf(tabs);
    const other = tabs.find((tab) => tab !== leader);
    other?.tab.show();
    other?.tab.freeze();
    await bench.pass(20_000);
    other?.tab.thaw();
    await bench.pass(10_000);
    expect(leaderOf(tabs)).toBe(leader);
    expect(bench.server.attempts).toHaveLength(1);
  });

  it("[T2] two leaders for a moment: the server fences one, which follows instead of closing", async () => {
    const bench = createShareTestbench();
    const tabs = await openTabs(bench, 2);
    const leader = leaderOf(tabs);
    const other = tabs.find((tab) => tab !== leader);
    other?.tab.show();
    // The leader lives, but nobody hears it for a while.
    leader.tab.freeze();
    await bench.pass(7000);
    leader.tab.thaw();
    await bench.pass(20_000);
    expect(leadersOf(tabs)).toHaveLength(1);
    expect(bench.server.connections).toBe(1);
    expect(tabs.map(({ client }) => client.connection.get().at)).toEqual(["live", "live"]);
  });

  it("[T2] asks the application for a token in the tab that the user sees first; another if that one is silent", async () => {
    const bench = createShareTestbench();
    bench.open({ name: "first" });
    await bench.pass(1000);
    const visible = bench.open({ name: "visible" });
    visible.tab.show();
    await bench.pass(1000);
    expect(bench.tokenAsks).toEqual(["first: first"]);
    bench.server.tokenLifeMs = 900_000;
    await bench.pass(850_000);
    expect(bench.tokenAsks.slice(1, 2)).toEqual(["visible: expiring"]);
    visible.tab.freeze();
    const before = bench.tokenAsks.length;
    await bench.pass(900_000);
    expect(bench.tokenAsks.slice(before)).toContain("first: expiring");
  });

  it("[T1] a log-out in one tab closes all, with no connection and no frame left", async () => {
    const bench = createShareTestbench();
    const tabs = await openTabs(bench, 3);
    await tabs[1]?.client.close();
    await bench.pass(1000);
    expect(tabs.map(({ client }) => client.connection.get())).toEqual(
      tabs.map(() => expect.objectContaining({ at: "closed", reason: "user" })),
    );
    await bench.pass(60_000);
    expect([bench.server.connections, bench.server.attempts.length, bench.clock.timers]).toEqual([0, 1, 0]);
  });

  it("[T2] a tab that reads nothing is cut off after 5,000 frames and misses nothing when it is back", async () => {
    const bench = createShareTestbench();
    const tabs = await openTabs(bench, 2);
    const slow = tabs.find(({ client }) => !client.isLeader);
    slow?.tab.freeze();
    for (let count = 0; count < 2600; count += 1) {
      bench.call(`call-${count}`, "CALL_CREATED");
      bench.call(`call-${count}`, "CALL_ENDED");
      if (count % 200 === 0) await bench.server.flushAll();
    }
    await bench.server.flushAll();
    const before = bench.browser.posted;
    bench.call("one-more", "CALL_CREATED");
    await bench.server.flushAll();
    expect(bench.browser.posted - before).toBeLessThan(4);
    slow?.tab.thaw();
    await bench.pass(30_000);
    expect(slow?.client.connection.get().at).toBe("live");
    expect(slow?.client.state.calls().map(({ callId }) => callId)).toEqual(["one-more"]);
    const missed = 5201 - new Set(slow?.seqs()).size;
    const told = (slow?.gaps ?? []).map(({ from, to }) => (to?.seq ?? 0) - (from?.seq ?? 0));
    expect(missed).toBeLessThanOrEqual(told.reduce((sum, count) => sum + count, 0));
  });

  it("[T2] [D9] a tab that stood still while its channel was given up and wanted again misses nothing", async () => {
    const bench = createShareTestbench();
    const leader = bench.open({ channels: ["trunks"] });
    leader.tab.show();
    await bench.pass(1000);
    const still = bench.open({ channels: ["calls"] });
    await bench.pass(1000);
    bench.call("before", "CALL_CREATED");
    await bench.pass(500);
    expect([leader.client.isLeader, still.seqs()]).toEqual([true, [1]]);
    still.tab.freeze();
    // Its link ends with the connection; the hub resumes the session, and after a while gives up what nobody wants.
    bench.server.cut();
    await bench.pass(40_000);
    expect(bench.server.received.some(({ command }) => command === "unsubscribe")).toBe(true);
    bench.call("a", "CALL_CREATED");
    const third = bench.open({ channels: ["calls"] });
    for (let moved = 0; moved < 20; moved += 1) {
      await bench.clock.advance(10);
      await bench.server.flushAll();
    }
    still.tab.thaw();
    await bench.pass(10_000);
    expect([third, still].map(({ client }) => client.state.call("a")?.state)).toEqual(["initiated", "initiated"]);
    expect([still.seqs(), still.gaps]).toEqual([[1, 2], []]);
  });

  it("[T3] [I11] exactly one tab is foremost: visible and focused last, else the oldest", async () => {
    const bench = createShareTestbench();
    const tabs = await openTabs(bench, 3);
    const foremost = (): readonly number[] =>
      tabs.flatMap(({ client }, index) => (client.tab.isForemost ? [index] : []));
    expect(foremost()).toEqual([0]);
    tabs[2]?.tab.show();
    await bench.pass(100);
    expect(foremost()).toEqual([2]);
    tabs[1]?.tab.show();
    await bench.pass(100);
    expect(foremost()).toEqual([1]);
    tabs[1]?.tab.kill();
    await bench.pass(100);
    expect(foremost().filter((index) => index !== 1)).toEqual([2]);
    tabs[2]?.tab.hide();
    await bench.pass(100);
    expect(foremost().filter((index) => index !== 1)).toEqual([0]);
  });

  it("[T2] the connection is lost: all tabs say so, and all get what they missed", async () => {
    const bench = createShareTestbench();
    const tabs = await openTabs(bench, 3);
    bench.server.refusals = [503, 503];
    bench.server.cut();
    await bench.pass(300);
    expect(tabs.map(({ client }) => client.connection.get().at)).toEqual(["resuming", "resuming", "resuming"]);
    bench.call("missed", "CALL_CREATED");
    await bench.pass(20_000);
    for (const { client, seqs, gaps } of tabs) {
      expect([client.connection.get().at, seqs(), gaps]).toEqual(["live", [1], []]);
    }
  });

  it("[T2] [S42] the log-in ended: all tabs close with auth, and one that logs in again connects", async () => {
    const bench = createShareTestbench();
    const tabs = await openTabs(bench, 2);
    bench.server.disconnect("auth_revoked", 4001, { reconnect: false });
    await bench.pass(1000);
    expect(tabs.map(({ client }) => client.connection.get())).toEqual(
      tabs.map(() => expect.objectContaining({ at: "closed", reason: "auth" })),
    );
    for (const { client } of tabs) client.connect();
    await bench.pass(5000);
    expect(tabs.map(({ client }) => client.connection.get().at)).toEqual(["live", "live"]);
  });

  it("[T2] [W21] a tab's own state is whole although the hub does not know yet who the user is", async () => {
    const bench = createShareTestbench();
    bench.call("before", "CALL_CREATED");
    const silent: typeof fetch = (input, init) =>
      String(input instanceof Request ? input.url : input).endsWith("/auth/session")
        ? new Promise(() => undefined)
        : bench.server.fetch(input, init);
    bench.open({ fetch: silent });
    await bench.pass(1000);
    const own = bench.open({ channels: ["me"], fetch: silent });
    await bench.pass(3000);
    expect(own.client.state.call("before")?.state).toBe("initiated");
  });

  it("[T1] a log-out ends the connection that a worker holds too; who logs in again is live at once", async () => {
    const bench = createShareTestbench();
    const { world, clock } = bench.browser.openTab();
    const { webSocket, fetch } = bench.server;
    const name = `pbx-x ${sdkVersion} http://pbx.test/ user-1`;
    new Candidate(
      { world, name, connect: { url: "http://pbx.test", webSocket, fetch, clock } },
      () => undefined,
    ).stand();
    const { client } = bench.open();
    await bench.pass(2000);
    expect([bench.server.connections, client.isLeader]).toEqual([1, false]);
    await client.close();
    await bench.pass(1000);
    expect(bench.server.connections).toBe(0);
    client.connect();
    await bench.pass(2000);
    expect(client.connection.get().at).toBe("live");
  });

  it("[T2] the channels of a tab that was closed are given back", async () => {
    const bench = createShareTestbench();
    bench.open();
    await bench.pass(1000);
    const other = bench.open({ channels: ["trunks"] });
    await bench.pass(1000);
    other.tab.leave();
    other.tab.kill();
    await bench.pass(40_000);
    expect(bench.server.received.filter(({ command }) => command === "unsubscribe")).toMatchObject([
      { params: { channels: ["trunks"] } },
    ]);
  });

  it("[T2] what only a killed leader wanted is given back by the next one", async () => {
    const bench = createShareTestbench();
    const leader = bench.open({ channels: ["calls", "trunks"] });
    await bench.pass(1000);
    const other = bench.open();
    await bench.pass(1000);
    expect([leader.client.isLeader, other.client.isLeader]).toEqual([true, false]);
    leader.tab.kill();
    await bench.pass(60_000);
    expect(other.client.connection.get().at).toBe("live");
    expect(bench.server.received.filter(({ command }) => command === "unsubscribe")).toMatchObject([
      { params: { channels: ["trunks"] } },
    ]);
  });

  it("[T2] [S13] the token is renewed by the one connection only", async () => {
    const bench = createShareTestbench();
    bench.server.tokenLifeMs = 120_000;
    await openTabs(bench, 3);
    await bench.pass(100_000);
    expect(bench.server.received.filter(({ command }) => command === "refreshToken")).toHaveLength(1);
  });
});
