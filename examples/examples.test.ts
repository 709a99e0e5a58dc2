import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { connect, type PbxClient } from "@pbx-x/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox, type Step } from "../packages/sandbox/src/index.ts";
import { logIn } from "./02-browser-login.ts";
import { startScreenPop } from "./03-screen-pop.ts";
import { clickToDial } from "./04-click-to-dial.ts";
import { transferAfterAsking } from "./08-attended-transfer.ts";
import { recordEndedCalls } from "./09-every-ended-call.ts";

const annaEmail = "anna.schmidt@pbx-x.example";
const adminEmail = "admin@pbx-x.example";
let sandbox: Sandbox;
let anna: PbxClient;

beforeAll(async () => {
  sandbox = await startSandbox();
  anna = connect({ url: sandbox.url, token: () => sandbox.tokenOf(annaEmail), channels: ["me", "extension:200"] });
  await anna.ready();
}, 60_000);
afterAll(async () => {
  await anna?.close();
  await sandbox?.stop();
});

function play(...steps: readonly Step[]): Promise<void> {
  return sandbox.play({ name: "own", title: "own", shows: [], steps }, { speed: 100 });
}

const later = { timeout: 20_000 };
const incoming = { do: "incoming", call: "customer", from: "+491701234567", to: "200" } as const;

describe("example", () => {
  it("1: the first event in ten lines", async () => {
    const run = (file: string, env: object, ...args: readonly string[]) =>
      promisify(execFile)(process.execPath, [join(import.meta.dirname, file), ...args], {
        env: { ...process.env, PBX_URL: sandbox.url, ...env },
      });
    const password = sandbox.users.find(({ email }) => email === adminEmail)?.password ?? "";
    const { stdout: token } = await run("token.ts", {}, adminEmail, password);
    const program = run("01-first-event.ts", { PBX_TOKEN: token.trim() });
    const output = program.then(({ stdout }) => stdout.trim());
    let isOver = false;
    void output.finally(() => (isOver = true)).catch(() => undefined);
    // It listens some moment after it was started.
    await expect
      .poll(async () => sandbox.play("inbound", { speed: 100 }).then(() => isOver), { timeout: 25_000 })
      .toBe(true);
    expect(await output).toBe("+491701234567 calls 200");
  }, 40_000);

  it("2: logs in by password, and says when it is wrong", async () => {
    const password = sandbox.users.find(({ email }) => email === annaEmail)?.password ?? "";
    const client = await logIn(sandbox.url, annaEmail, password);
    await client.ready();
    expect(client.connection.get().at).toBe("live");
    await client.close();
    await expect(logIn(sandbox.url, annaEmail, "wrong")).rejects.toThrow("Log in again.");
  });

  it("3: opens the record of who calls", async () => {
    const opened: string[] = [];
    const stop = startScreenPop(anna, "200", { open: (number) => opened.push(number), noteMissed: () => undefined });
    await sandbox.play("inbound", { speed: 100 });
    await expect.poll(() => opened).toEqual(["+491701234567"]);
    stop();
  });

  it("4: says what becomes of a click", async () => {
    const dial = { from: "200", to: "201" };
    await play({ do: "phone", number: "200" }, { do: "phone", number: "201" });
    expect(await clickToDial(anna, { ...dial, signal: AbortSignal.abort() })).toBe("Taken back.");
    expect(await clickToDial(anna, dial)).toBe("Your phone rings; then 201 is called.");
    await expect.poll(() => anna.state.calls().length).toBe(1);
    await anna.call.hangup({ callId: anna.state.calls()[0]?.callId ?? "" }).visible();
    await expect.poll(() => anna.state.calls().length).toBe(0);
    await play({ do: "phoneGone", number: "200" });
    expect(await clickToDial(anna, dial)).toBe("No phone is registered for 200.");
    expect(await clickToDial(anna, { from: "201", to: "200" })).toBe("You may not do that.");
    await play({ do: "phone", number: "200" });
  });

  it("8: asks a colleague, then passes the customer on or takes the customer back", async () => {
    for (const wantsIt of [true, false]) {
      await play({ do: "phone", number: "200" }, { do: "phone", number: "202" }, incoming, {
        do: "answer",
        number: "200",
      });
      await expect.poll(() => anna.state.calls()[0]?.state).toBe("answered");
      const callId = anna.state.calls()[0]?.callId ?? "";
      const parts = { call: anna.call, state: anna.state, waitFor: anna.waitFor.bind(anna) };
      const outcome = transferAfterAsking(parts, callId, "202", () => Promise.resolve(wantsIt));
      await play({ do: "answer", number: "202" });
      expect(await outcome).toBe(wantsIt ? "passed on" : "taken back");
      await anna.call.hangup({ callId }).safe();
      await play(wantsIt ? { do: "hangup", number: "202" } : { do: "wait", ms: 0 }).catch(() => undefined);
      await expect.poll(() => anna.state.calls().length).toBe(0);
    }
  });

  it("9: writes every ended call once, also those of the time when it did not run", async () => {
    const dir = await mkdtemp(join(tmpdir(), "pbx-x-example-"));
    const file = join(dir, "calls.db");
    const options = { url: sandbox.url, token: () => sandbox.tokenOf(adminEmail) };
    const written = (): readonly string[] => {
      const db = new DatabaseSync(file);
      const rows = db.prepare("SELECT id FROM call ORDER BY rowid").all() as { id: string }[];
      db.close();
      return rows.map(({ id }) => id);
    };
    const watcher = connect({ ...options, channels: ["calls"] });
    const ended: string[] = [];
    watcher.on("CALL_ENDED", ({ data }) => ended.push(data.callId));
    await watcher.ready();
    const first = recordEndedCalls(file, options);
    // It listens some moment after it was started.
    await expect.poll(() => sandbox.play("inbound", { speed: 100 }).then(written), later).not.toEqual([]);
    await first();
    await sandbox.play("inbound", { speed: 100 });
    const second = recordEndedCalls(file, options);
    await sandbox.play("inbound", { speed: 100 });
    const all = (): readonly string[] => ended.slice(ended.indexOf(written()[0] ?? ""));
    await expect.poll(() => all().length, later).toBeGreaterThan(2);
    await expect.poll(written, later).toEqual(all());
    await second();
    await watcher.close();
    await rm(dir, { recursive: true });
  }, 40_000);
});
