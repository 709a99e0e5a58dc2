import { connect, type PbxClient } from "@pbx-x/client";
import type { EventType } from "@pbx-x/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scenarios } from "./scenarios.ts";
import { type Sandbox, startSandbox } from "./start-sandbox.ts";

let sandbox: Sandbox;
let client: PbxClient;
const seen: string[] = [];

beforeAll(async () => {
  sandbox = await startSandbox();
  client = connect({
    url: sandbox.url,
    token: () => sandbox.tokenOf("admin@pbx-x.example"),
    channels: ["calls", "extensions", "queues", "agents", "conferences", "parking", "voicemail", "system"],
  });
  client.onAny(({ type }) => seen.push(type));
  await client.ready();
}, 60_000);
afterAll(async () => {
  await client?.close();
  await sandbox?.stop();
});

describe("the sandbox", () => {
  it.each(scenarios.filter(({ name }) => name !== "load"))("plays $name: $title", async ({ name, shows }) => {
    seen.length = 0;
    await sandbox.play(name, { speed: 100 });
    const missing = (): readonly EventType[] => shows.filter((type) => !seen.includes(type));
    await expect.poll(missing).toEqual([]);
    await expect.poll(() => client.state.calls().length).toBe(0);
  });

  it("plays scenarios of one's own, as many extensions and changes as wanted", async () => {
    const before = client.state.tables.extensions.size;
    seen.length = 0;
    const load = { do: "load", extensions: 30, perSecond: 50, seconds: 1 } as const;
    await sandbox.play({ name: "own", title: "Thirty extensions", shows: [], steps: [load] });
    await expect.poll(() => client.state.tables.extensions.size).toBe(before + 30);
    await expect.poll(() => seen.filter((type) => type === "EXTENSION_STATUS_CHANGED").length).toBeGreaterThan(75);
  });

  it("fails on request: applications lose their connection and come back without a gap", async () => {
    let gaps = 0;
    const stop = client.on("gap", () => {
      gaps += 1;
    });
    const back = client.waitFor("CALL_ENDED", () => true, { timeoutMs: 30_000 });
    sandbox.network.pull("cut");
    await sandbox.play("inbound", { speed: 100 });
    await back;
    stop();
    expect(gaps).toBe(0);
  });

  it.each([
    ["cut", "resume"],
    ["forget", "since"],
    ["truncate", "resume"],
    ["expire", "resume"],
    ["slow", "resume"],
    ["drop", "hole"],
    ["reorder", "hole"],
    ["duplicate", undefined],
    ["delay", undefined],
    ["fence", "fenced"],
  ] as const)("has the fault %s, after which an application knows what became of it: %s", async (fault, outcome) => {
    const told: string[] = [];
    const types: string[] = [];
    const one = connect({
      url: sandbox.url,
      token: () => sandbox.tokenOf("admin@pbx-x.example"),
      channels: ["calls"],
      heartbeatMs: 1000,
    });
    one.on("resumed", ({ via }) => told.push(via));
    one.on("gap", ({ reason }) => told.push(reason));
    one.connection.subscribe(() => {
      const state = one.connection.get();
      if (state.at === "closed") told.push(state.reason);
    });
    one.on("CALL_CREATED", ({ type }) => types.push(type));
    await one.ready();
    sandbox.network.pull(fault);
    await sandbox.play("inbound", { speed: 100 });
    await expect.poll(() => told, { timeout: 20_000 }).toEqual(outcome === undefined ? [] : [outcome]);
    if (outcome === undefined) await expect.poll(() => types, { timeout: 10_000 }).toEqual(["CALL_CREATED"]);
    if (outcome !== "fenced") await expect.poll(() => one.state.calls().length, { timeout: 10_000 }).toBe(0);
    await one.close();
    const backOrClosed = (): string => {
      const { at } = client.connection.get();
      // After so many faults its next attempt may be half a minute away.
      if (at === "offline") client.retry();
      return at;
    };
    await expect.poll(backOrClosed, { timeout: 20_000 }).toMatch(/live|closed/);
    // Fenced is for good; only the application may come back.
    client.connect();
    await client.ready();
  });

  it.each([
    ["refuse503", "offline"],
    ["refuse403", "closed"],
  ] as const)("has the fault %s: an application is %s until it is healed", async (fault, at) => {
    const one = connect({
      url: sandbox.url,
      token: () => sandbox.tokenOf("admin@pbx-x.example"),
      channels: ["calls"],
    });
    await one.ready();
    sandbox.network.pull(fault);
    await expect.poll(() => one.connection.get().at, { timeout: 20_000 }).toBe(at);
    sandbox.network.pull("heal");
    for (const each of [one, client]) {
      each.connect();
      each.retry();
      await each.ready();
    }
    await one.close();
  });

  it("says which scenarios there are when asked for another", async () => {
    await expect(sandbox.play("nonsense")).rejects.toThrow("there are: inbound, mailbox");
  });
});
