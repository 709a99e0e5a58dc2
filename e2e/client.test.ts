import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "@pbx-x/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { startCuttingProxy } from "./src/cutting-proxy.ts";
import { adminEmail, startWorld, type World } from "./src/world.ts";

let world: World;
let anna: Baresip;
let lisa: Baresip;
let configDir: string;
beforeAll(async () => {
  configDir = await mkdtemp(join(tmpdir(), "pbx-x-cli-"));
  world = await startWorld();
  anna = await world.startPhone("200");
  lisa = await world.startPhone("201");
});
afterAll(async () => {
  await world?.stop();
  await rm(configDir, { recursive: true, force: true });
});

/** The command-line client as a user runs it. */
function pbxx(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const main = join(import.meta.dirname, "..", "packages", "client", "src", "cli", "main.ts");
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env["PATH"] ?? "", XDG_CONFIG_HOME: configDir, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (output += data.toString()));
  const done = new Promise<{ code: number | null; output: string }>((resolve) => {
    child.once("exit", (code) => resolve({ code, output }));
  });
  return { done, child, output: () => output };
}

describe("the client SDK against the real server", () => {
  it("[D5] [D6] a cable pulled again and again: every event once, in order, and the right state at the end", async () => {
    const proxy = await startCuttingProxy(world.server.ready.http);
    const client = connect({ url: `http://127.0.0.1:${proxy.port}`, token: world.token, channels: ["calls"] });
    const seen: { readonly seq: number | undefined; readonly type: string }[] = [];
    client.onAny(({ seq, type }) => {
      if (seq !== undefined) seen.push({ seq, type });
    });
    await client.ready();
    for (const when of ["created", "ringing", "answered"]) {
      const from = world.cti.events.length;
      await anna.command("dial", "201");
      const later = (type: string) => world.cti.waitFor(type, (event) => world.cti.events.indexOf(event) >= from);
      if (when === "created") proxy.cut();
      await later("CALL_RINGING");
      if (when === "ringing") proxy.cut();
      await lisa.command("accept");
      await later("CALL_ANSWERED");
      if (when === "answered") proxy.cut();
      await anna.command("hangup");
      await later("CALL_ENDED");
      // The next call waits until the client is back, so that each cut meets a live connection.
      await client.ready();
    }
    const expected = world.cti.events
      .filter(({ type, seq }) => type.startsWith("CALL_") && seq !== undefined)
      .map(({ seq, type }) => ({ seq, type }));
    const last = expected.at(-1)?.seq;
    if (seen.at(-1)?.seq !== last) await client.waitFor("CALL_ENDED", ({ seq }) => seq === last, { timeoutMs: 20_000 });
    expect(seen).toEqual(expected);
    expect(client.state.calls()).toEqual([]);
    await client.close();
    await proxy.stop();
  });

  it("the command line logs in, shows, calls and ends calls; the login file is the user's alone", async () => {
    const password = world.server.password(adminEmail);
    const early = await pbxx(["status"]).done;
    expect([early.code, early.output]).toEqual([1, expect.stringContaining("not logged in")]);
    const wrong = await pbxx(["login", "--email", adminEmail, "--url", world.server.url], { PBXX_PASSWORD: "no" }).done;
    expect([wrong.code, wrong.output]).toEqual([1, expect.stringContaining("password is wrong")]);
    const login = await pbxx(["login", "--email", adminEmail, "--url", world.server.url], { PBXX_PASSWORD: password })
      .done;
    expect(login.code).toBe(0);
    const file = join(configDir, "pbx-x", "login.json");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, "utf8")).not.toContain(password);
    expect((await pbxx(["status"]).done).output).toContain("2 registered (200, 201)");

    const watching = pbxx(["watch", "--type", "CALL_CREATED,CALL_ENDED"]);
    await expect.poll(() => watching.output(), { timeout: 20_000 }).toContain("watching");
    const calling = pbxx(["call", "200", "201"]);
    await world.cti.waitFor("CALL_CREATED", ({ data }) => !endedIds().includes(data["callId"]));
    await anna.command("accept");
    await expect.poll(() => calling.output(), { timeout: 20_000 }).toContain("201 rings");
    expect((await pbxx(["calls"]).done).output).toMatch(/200 +→ 201 +ringing/);
    await lisa.command("accept");
    expect(await calling.done).toMatchObject({ code: 0, output: expect.stringContaining("answered by 201") as string });
    expect((await pbxx(["hangup"]).done).code).toBe(0);
    await expect.poll(() => watching.output(), { timeout: 20_000 }).toMatch(/CALL_CREATED.*\n.*CALL_ENDED/);
    watching.child.kill("SIGINT");
    expect((await watching.done).code).toBe(0);
    expect((await pbxx(["logout"]).done).code).toBe(0);
  });
});

function endedIds(): readonly unknown[] {
  return world.cti.events.filter(({ type }) => type === "CALL_ENDED").map(({ data }) => data["callId"]);
}
