import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { io } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cti, connectCti, type WireEvent } from "./src/cti.ts";
import { startCuttingProxy } from "./src/cutting-proxy.ts";
import { annaEmail, startWorld, type World } from "./src/world.ts";

// Its package says nothing of its types where a module imports it; what is used here is the same in both versions.
const { io: io3 } = createRequire(import.meta.url)("socket.io-client-3") as { readonly io: typeof io };
const root = join(import.meta.dirname, "..");
// Beside the packages, so that the example finds the library as it would in a project of its own.
const file = join(root, "node_modules", ".cache", `socket-io-example-${process.pid}.mjs`);
let world: World;
let example: ChildProcess | undefined;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  example?.kill();
  await rm(file, { force: true });
  await world?.stop();
});

describe("Socket.IO with real phones", () => {
  it("[W18] the guide's program sees a call, loses its line in the middle of it, and misses nothing", async () => {
    const guide = await readFile(join(root, "docs", "socket-io.md"), "utf8");
    const [, text = ""] = /```js\n(.*?)```/s.exec(guide) ?? [];
    await mkdir(join(file, ".."), { recursive: true });
    await writeFile(file, text);
    const proxy = await startCuttingProxy(world.server.ready.http);
    const token = await world.tokenOf(annaEmail);
    example = spawn(process.execPath, [file], {
      env: { PBX_URL: `http://127.0.0.1:${proxy.port}`, PBX_TOKEN: token },
      stdio: ["ignore", "pipe", "inherit"],
    });
    if (example.stdout === null) throw new Error("the example has no output");
    const lines: string[] = [];
    createInterface({ input: example.stdout }).on("line", (line) => lines.push(line));
    await expect.poll(() => lines, { timeout: 15_000 }).toEqual(["began", "subscribed true"]);
    const [anna, lisa] = [await world.startPhone("200"), await world.startPhone("201")];
    await anna.command("dial", "201");
    await expect.poll(() => lines.at(-1), { timeout: 15_000 }).toBe("200 calls 201");
    proxy.cut();
    await anna.command("hangup");
    await world.cti.waitFor("CALL_ENDED");
    await expect
      .poll(() => lines, { timeout: 20_000 })
      .toEqual(["began", "subscribed true", "200 calls 201", "went on", "ended: cancel"]);
    await proxy.stop();
    await Promise.all([anna.stop(), lisa.stop()]);
  });

  it("[W18] both versions of the client carry out a whole call by commands, and see what the native socket sees", async () => {
    const phones = [];
    for (const number of ["200", "201"]) phones.push(await world.startPhone(number, { answerMode: "auto" }));
    const token = await world.tokenOf(annaEmail);
    for (const connect of [io, io3]) {
      const native: Cti = await connectCti(world.server.url, token);
      const socket = connect(world.server.url, { auth: { token }, forceNew: true });
      const events: WireEvent[] = [];
      socket.onAny((_type: string, event: WireEvent) => void (event.seq !== undefined && events.push(event)));
      const ask = (name: string, params: object) =>
        new Promise<{ success: boolean; data?: { callId?: string } }>((resolve) => socket.emit(name, params, resolve));
      expect(await ask("subscribe", { channels: ["me"] })).toMatchObject({ success: true });
      await native.send("subscribe", { channels: ["me"] });
      const { data } = await ask("originate", { from: "200", to: "201" });
      const callId = String(data?.callId);
      const isIt = (event: WireEvent): boolean => event.data["callId"] === callId;
      await native.waitFor("CALL_ANSWERED", isIt);
      for (const command of ["hold", "unhold", "hangup"]) {
        expect(await ask(command, { callId })).toMatchObject({ success: true });
      }
      await native.waitFor("CALL_ENDED", isIt);
      const calls = (all: readonly WireEvent[]) => all.filter(isIt);
      await expect.poll(() => calls(events)).toEqual(calls(native.events));
      expect(calls(events).map(({ type }) => type)).toEqual(
        expect.arrayContaining([
          "CALL_CREATED",
          "CALL_RINGING",
          "CALL_ANSWERED",
          "CALL_HELD",
          "CALL_UNHELD",
          "CALL_ENDED",
        ]),
      );
      socket.disconnect();
      await native.close();
    }
    await Promise.all(phones.map((phone) => phone.stop()));
  });
});
