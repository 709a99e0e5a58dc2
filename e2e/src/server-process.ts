import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const main = join(import.meta.dirname, "..", "..", "packages", "server", "bin", "pbx-x.mjs");

const codeCache = join(import.meta.dirname, "..", "..", "node_modules", ".cache", "pbx-x-code");
/** Of a process that neither says that it is ready nor ends; a machine under load takes its time. */
const readyLimitMs = 120_000;

export interface Ready {
  readonly http: number;
  readonly sip: { readonly udp: number; readonly tcp: number; readonly tls: number; readonly ws?: number };
}

export interface ServerProcess {
  readonly pid: number;
  readonly ready: Ready;
  readonly dataDir: string;
  readonly url: string;
  /** Text of the file with the first passwords. */
  readonly firstStart: string;
  readonly output: () => string;
  sipPassword(number: string): string;
  password(email: string): string;
  stop(): Promise<void>;
  /** `kill -9`, as a power cut would. */
  kill(): Promise<void>;
}

export interface ServerOptions {
  readonly dataDir?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Ports to come back on after a restart. */
  readonly ports?: Ready;
}

/** Starts the real server, `node packages/server/src/main.ts`, on free loopback ports. */
export async function startServer({ dataDir, env, ports }: ServerOptions = {}): Promise<ServerProcess> {
  const dir = dataDir ?? (await mkdtemp(join(tmpdir(), "pbx-x-e2e-")));
  const child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env["PATH"] ?? "",
      PBXX_DATA_DIR: dir,
      PBXX_HTTP_HOST: "127.0.0.1",
      PBXX_HTTP_PORT: String(ports?.http ?? 0),
      PBXX_SIP_HOST: "127.0.0.1",
      PBXX_SIP_PORT: String(ports?.sip.udp ?? 0),
      PBXX_SIP_TLS_PORT: String(ports?.sip.tls ?? 0),
      PBXX_LOG_FORMAT: "json",
      PBXX_LOG_LEVEL: "info",
      // Many servers of the same code: only the first one compiles it.
      NODE_COMPILE_CACHE: codeCache,
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  const ready = await waitForReady(child, lines);
  const firstStart = await readFile(join(dir, "first-start.txt"), "utf8").catch(() => "");
  return {
    pid: child.pid ?? 0,
    ready,
    dataDir: dir,
    url: `http://127.0.0.1:${ready.http}`,
    firstStart,
    output: () => lines.join("\n"),
    sipPassword: (number) =>
      find(firstStart, new RegExp(`^\\s*(?:extension\\s+)?${number}\\b.*?(\\S{20,})\\s*$`, "m"), number),
    password: (email) =>
      find(firstStart, new RegExp(`${email.replaceAll(".", "\\.")}\\s+(?:.*\\s)?(\\S+)\\s*$`, "m"), email),
    stop: async () => {
      await end(child, "SIGTERM");
      if (dataDir === undefined) await rm(dir, { recursive: true, force: true });
    },
    kill: () => end(child, "SIGKILL"),
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill(signal);
  const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await exited;
  clearTimeout(late);
}

function waitForReady(child: ChildProcess, lines: string[]): Promise<Ready> {
  return new Promise((resolve, reject) => {
    const keep = (line: string): void => {
      lines.push(line);
      if (lines.length > 5000) lines.shift();
      if (!line.startsWith('{"ready":true')) return;
      clearTimeout(late);
      resolve(JSON.parse(line) as Ready);
    };
    if (child.stdout === null || child.stderr === null) throw new Error("the server has no output");
    createInterface({ input: child.stdout }).on("line", keep);
    createInterface({ input: child.stderr }).on("line", keep);
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}:\n${lines.slice(-20).join("\n")}`)));
    const late = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`the server is not ready after ${readyLimitMs / 1000} s:\n${lines.slice(-20).join("\n")}`));
    }, readyLimitMs);
    child.once("exit", () => clearTimeout(late));
  });
}

function find(text: string, pattern: RegExp, what: string): string {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`first-start.txt says nothing of ${what}:\n${text}`);
  return found;
}
