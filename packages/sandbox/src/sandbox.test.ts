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

  it("says which scenarios there are when asked for another", async () => {
    await expect(sandbox.play("nonsense")).rejects.toThrow("there are: inbound, mailbox");
  });
});
