import { execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const program = join(import.meta.dirname, "..", "bin", "pbx-x-sandbox.mjs");
const run = promisify(execFile);

describe("the program", () => {
  it("lists its scenarios", async () => {
    const { stdout } = await run(process.execPath, [program, "--list"]);
    expect(stdout).toContain("inbound");
    expect(stdout).toContain("2,000 extensions");
  });

  it("says what is wrong with its arguments", async () => {
    await expect(run(process.execPath, [program, "nonsense"])).rejects.toThrow('There is no scenario "nonsense"');
    await expect(run(process.execPath, [program, "--speed", "0"])).rejects.toThrow(
      "--speed is a number from 1 to 100.",
    );
  });

  it("starts, tells where it is, plays from its page, and stops when it is told to", async () => {
    const child = spawn(process.execPath, [program, "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.on("data", (data: Buffer) => (output += data.toString()));
    await expect.poll(() => output, { timeout: 25_000 }).toContain("tom.mueller@pbx-x.example");
    const [, control = ""] = /control page: (\S+)\)/.exec(output) ?? [];
    const page = async (): Promise<string> => (await fetch(control)).text();
    expect(await page()).toContain("Nothing was played yet.");
    const foreign = await fetch(`${control}play/inbound`, {
      method: "POST",
      headers: { origin: "http://evil.example" },
    });
    expect(foreign.status).toBe(404);
    await fetch(`${control}play/inbound?speed=100`, { method: "POST" });
    await expect.poll(page, { timeout: 10_000 }).toContain("inbound was played.");
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  }, 60_000);
});
