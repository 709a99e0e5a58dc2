import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { adminEmail, annaEmail, startWorld, type World } from "./src/world.ts";

const root = join(import.meta.dirname, "..");
// In the repository, so that the packages are found as they would be in a folder of it; git does not see it.
const dir = join(import.meta.dirname, "data", `docs-examples-${process.pid}`);
const running: ChildProcess[] = [];
let configDir: string;
let world: World;
let anna: Baresip;
beforeAll(async () => {
  await mkdir(dir, { recursive: true });
  configDir = await mkdtemp(join(tmpdir(), "pbx-x-docs-"));
  world = await startWorld();
  anna = await world.startPhone("200");
});
afterAll(async () => {
  for (const child of running) child.kill("SIGKILL");
  await world?.stop();
  await rm(dir, { recursive: true, force: true });
  await rm(configDir, { recursive: true, force: true });
});

/** The code blocks of a language in a page, as they are. */
async function blocksOf(page: string, language: string): Promise<readonly string[]> {
  const text = await readFile(join(root, "docs", page), "utf8");
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, name, code = ""]) =>
    name === language ? [code] : [],
  );
}

interface Running {
  readonly output: () => string;
  readonly child: ChildProcess;
  readonly done: Promise<number | null>;
  press(key: string): void;
}

function start(file: string, args: readonly string[], env: Readonly<Record<string, string>>): Running {
  const base = { PATH: process.env["PATH"] ?? "", XDG_CONFIG_HOME: configDir, NO_COLOR: "1" };
  const child = spawn(process.execPath, [file, ...args], { env: { ...base, ...env }, stdio: "pipe" });
  running.push(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (output += data.toString()));
  const done = once(child, "exit").then(([code]) => code as number | null);
  return { child, done, output: () => output, press: (key) => child.stdin.write(`${key}\n`) };
}

const shows = (program: Running, text: string | RegExp) =>
  expect.poll(() => program.output(), { timeout: 20_000 }).toMatch(text);

describe("examples in the documentation", () => {
  it("the programs of the quick start and of the agent desktop have no wrong type", async () => {
    for (const page of ["quick-start", "agent-desktop"]) {
      const [code = "", ...more] = await blocksOf(`${page}.md`, "ts");
      expect([code === "", more]).toEqual([false, []]);
      await writeFile(join(dir, `${page}.ts`), code);
    }
    const project = { extends: join(root, "tsconfig.json"), include: ["*.ts"], exclude: [] };
    const options = { noPropertyAccessFromIndexSignature: false };
    await writeFile(join(dir, "tsconfig.json"), JSON.stringify({ ...project, compilerOptions: options }));
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const checked = await promisify(execFile)(process.execPath, [tsc, "-p", dir]).catch((error: unknown) => error);
    expect(checked).toMatchObject({ stdout: "", stderr: "" });
  });

  it("every line of the quick start's shell works as it stands", async () => {
    const lines = (await blocksOf("quick-start.md", "sh")).flatMap((block) => block.trim().split("\n"));
    const [first, ...rest] = lines;
    expect(first).toBe("npm ci && npm start");
    const { scripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    // What runs here is what `npm start` starts; see server-process.ts.
    expect(scripts["start"]).toBe("node packages/server/bin/pbx-x.mjs");
    const tool = join(root, scripts["pbxx"]?.replace(/^node /, "") ?? "");
    const expected: Readonly<Record<string, RegExp>> = {
      login: /logged in/i,
      status: /registered/,
      watch: /watching/,
      call: /201/,
      calls: /200 +→ 201/,
      hangup: /./,
    };
    const lisa = await world.startPhone("201");
    const seen: string[] = [];
    for (const line of rest) {
      const [, words = ""] = /^npm run pbxx -- (.+)$/.exec(line) ?? [];
      const [name = "", ...args] = words.split(" ");
      const here = name === "login" ? ["--url", world.server.url] : [];
      const program = start(tool, [name, ...args, ...here], { PBXX_PASSWORD: world.server.password(adminEmail) });
      if (name === "call") {
        await world.cti.waitFor("CALL_CREATED");
        await anna.command("accept");
        await world.cti.waitFor("CALL_RINGING", ({ data }) => JSON.stringify(data).includes('"201"'));
        await lisa.command("accept");
      }
      await shows(program, expected[name] ?? /^never/);
      if (name === "watch") program.child.kill("SIGINT");
      expect(await program.done, `${line}\n${program.output()}`).toBe(0);
      seen.push(name);
    }
    expect(seen).toEqual(Object.keys(expected));
    await lisa.stop();
  });

  it("the program of the quick start tells of calls", async () => {
    const env = { PBX_URL: world.server.url, PBX_EMAIL: adminEmail, PBX_PASSWORD: world.server.password(adminEmail) };
    const program = start(join(dir, "quick-start.ts"), [], env);
    await shows(program, "0 calls");
    const caller = await world.startPhone("201");
    await caller.command("dial", `200@${world.pbx.udp}`);
    await shows(program, "201 calls 200");
    await caller.command("hangup");
    await shows(program, "ended: cancel");
    await caller.stop();
  });

  it("the agent desktop: a real agent is ready, is offered a call, holds, resumes and ends it", async () => {
    const [code = ""] = await blocksOf("agent-desktop.md", "ts");
    expect(code.trim().split("\n").length).toBeLessThanOrEqual(55);
    const env = { PBX_URL: world.server.url, PBX_EMAIL: annaEmail, PBX_PASSWORD: world.server.password(annaEmail) };
    const program = start(join(dir, "agent-desktop.ts"), [], env);
    await shows(program, "r ready");
    await world.cti.send("subscribe", { channels: ["agents", "queues"] });
    program.press("r");
    await world.cti.waitFor("AGENT_LOGGED_IN");
    const caller = await world.startPhone("202");
    await caller.command("dial", `300@${world.pbx.udp}`);
    await shows(program, /offer: Tom Müller in Support/);
    await anna.command("accept");
    await shows(program, "talking");
    program.press("h");
    await shows(program, "on hold");
    program.press("u");
    await shows(program, "talking again");
    program.press("e");
    await shows(program, "over: normal_clearing");
    program.press("b");
    await world.cti.waitFor("AGENT_STATE_CHANGED", ({ data }) => JSON.stringify(data).includes("lunch"));
    program.child.stdin?.end();
    expect(await program.done, program.output()).toBe(0);
    await caller.stop();
  });
});
