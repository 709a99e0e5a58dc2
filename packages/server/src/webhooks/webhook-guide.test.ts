import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, describe, expect, it } from "vitest";
import { systemScheduler } from "../system-scheduler.ts";
import { createAddressGuard } from "./address-guard.ts";
import { createWebhookSender } from "./webhook-sender.ts";
import { createSecret } from "./webhook-signature.ts";

const root = join(import.meta.dirname, "..", "..", "..", "..");
// Beside the packages, so that the example finds the library as it would in a project of its own.
const dir = join(root, "node_modules", ".cache");
const file = join(dir, `webhook-receiver-${process.pid}.mjs`);
let receiver: ChildProcess | undefined;
afterAll(async () => {
  receiver?.kill();
  await rm(file, { force: true });
});

describe("the guide", () => {
  it("[R41] [R42] its receiver takes what is signed, each event once, and refuses the rest", async () => {
    const guide = await readFile(join(root, "docs", "webhooks.md"), "utf8");
    const [, example = ""] = /```js\n(.*?)```/s.exec(guide) ?? [];
    await mkdir(dir, { recursive: true });
    await writeFile(file, example);
    const [secret, wrong] = [1, 2].map((byte) => createSecret((size) => Buffer.alloc(size, byte)));
    const port = await freePort();
    receiver = spawn(process.execPath, [file], {
      env: { WEBHOOK_SECRET: secret, PORT: String(port) },
      stdio: ["ignore", "pipe", "inherit"],
    });
    if (receiver.stdout === null) throw new Error("the receiver has no output");
    const lines: string[] = [];
    createInterface({ input: receiver.stdout }).on("line", (line) => lines.push(line));
    const sender = createWebhookSender({
      scheduler: systemScheduler,
      isAllowed: createAddressGuard({ networks: [], isLoopbackAllowed: true }),
      timeoutMs: 5000,
      userAgent: "PBX-X/test",
    });
    const message = { id: "0198", type: "CALL_ENDED", body: '{"type":"CALL_ENDED","data":{"callId":"one"}}' };
    const send = async (value = secret) => {
      const endpoint = { url: `http://127.0.0.1:${port}/`, secrets: [{ value: value ?? "" }] };
      const outcome = await sender.send(endpoint, message, AbortSignal.timeout(10_000));
      return outcome.kind === "answered" ? outcome.status : undefined;
    };
    await expect.poll(() => send(), { timeout: 10_000 }).toBe(204);
    expect(await send()).toBe(204);
    expect(await send(wrong)).toBe(401);
    sender.close();
    receiver.kill();
    await once(receiver, "close");
    expect(lines).toEqual(["CALL_ENDED one"]);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}
