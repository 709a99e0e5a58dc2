import { type ChildProcess, execFile, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installRuntimes, otherRuntimes } from "./other-runtimes.mjs";
import { stage } from "./packages.mjs";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..");
const names = ["protocol", "client", "sandbox"];
const { deno, bun } = otherRuntimes;

let home: string;
let sandbox: ChildProcess;
let output = "";

/** What `npm pack` makes of a package, put where an application has it, with what its manifest names and nothing else. */
async function install(name: string): Promise<void> {
  const staged = join(home, "staged", name);
  stage(name, staged);
  const { stdout } = await run("npm", ["pack", "--silent", "--pack-destination", home], { cwd: staged });
  const into = join(home, "node_modules", "@pbx-x", name);
  mkdirSync(into, { recursive: true });
  await run("tar", ["-xzf", join(home, stdout.trim()), "-C", into, "--strip-components=1"]);
  const manifest = JSON.parse(readFileSync(join(into, "package.json"), "utf8")) as {
    readonly dependencies?: Readonly<Record<string, string>>;
  };
  for (const dependency of Object.keys(manifest.dependencies ?? {})) {
    const link = join(home, "node_modules", dependency);
    if (dependency.startsWith("@pbx-x/")) continue;
    mkdirSync(dirname(link), { recursive: true });
    rmSync(link, { force: true });
    symlinkSync(join(root, "node_modules", dependency), link);
  }
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "pbx-x-published-"));
  writeFileSync(join(home, "package.json"), '{ "private": true, "type": "module" }');
  for (const name of names) await install(name);
  cpSync(join(import.meta.dirname, "other-runtimes", "smoke.mjs"), join(home, "smoke.mjs"));
  const program = join(home, "node_modules", "@pbx-x", "sandbox", "bin", "pbx-x-sandbox.mjs");
  sandbox = spawn(process.execPath, [program, "--port", "0"], { cwd: home, stdio: ["ignore", "pipe", "inherit"] });
  await new Promise<void>((resolve, reject) => {
    sandbox.once("exit", (code) => reject(new Error(`The sandbox ended with ${code}.`)));
    sandbox.stdout?.on("data", (data: Buffer) => {
      output += data.toString();
      if (output.includes("tom.mueller@pbx-x.example")) resolve();
    });
  });
}, 300_000);
afterAll(() => {
  sandbox?.kill("SIGTERM");
  rmSync(home, { recursive: true, force: true });
});

/** Runs the smoke test with a program; answers what it said. */
async function smoke(program: string, ...args: readonly string[]): Promise<readonly string[]> {
  const [, url = "", control = ""] = /sandbox: (\S+) {2}\(control page: (\S+)\)/.exec(output) ?? [];
  const all = [...args, join(home, "smoke.mjs"), url, control, "sandbox-password"];
  const { stdout } = await run(program, all, { cwd: home, timeout: 60_000 });
  return stdout.trim().split("\n");
}
const wanted = ["event", "command true", "resume false", "closed"];

describe("the published packages, in an empty folder", () => {
  it("[A3] the client works in Node with what its manifest names, against the installed sandbox", async () => {
    expect(await smoke(process.execPath)).toEqual(wanted);
  });

  // Without them the tests are left out, and `npm test` says so; where everything has to be there, they fail.
  if (deno !== undefined || process.env["CI"] === "true") {
    it("[A3] the client works in Deno", async () => {
      expect(deno, `Deno is missing: ${installRuntimes}`).toBeDefined();
      const rights = ["--no-prompt", "--allow-net=127.0.0.1", "--allow-env=NODE_ENV", "--node-modules-dir=manual"];
      expect(await smoke(deno ?? "", "run", "--cached-only", ...rights)).toEqual(wanted);
    });
  }

  if (bun !== undefined || process.env["CI"] === "true") {
    it("[A3] the client works in Bun", async () => {
      expect(bun, `Bun is missing: ${installRuntimes}`).toBeDefined();
      expect(await smoke(bun ?? "", "run")).toEqual(wanted);
    });
  }
});
