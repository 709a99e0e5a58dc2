import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { endWithUs } from "../child.ts";

const main = join(import.meta.dirname, "..", "..", "..", "packages", "server", "bin", "pbx-x.mjs");

/** The real server in a process and a folder of its own, with extensions as a benchmark needs them. */
export interface BenchPbx {
  readonly pid: number;
  readonly url: string;
  readonly sip: string;
  readonly token: string;
  /** A token that lasts for some minutes yet. */
  login(): Promise<string>;
  /** Creates an extension for each number; the password is `passwordOf(number)`. */
  addExtensions(numbers: readonly string[], maxConcurrentCalls?: number): Promise<void>;
  stop(): Promise<void>;
}

export const passwordOf = (number: string): string => `bench-password-of-${number}`;

/** Well before a token ends. */
const renewMs = 300_000;
const adminPassword = "a-password-for-the-benchmark";

export interface PbxPlan {
  /** Added to those of `PBXX_BENCH_NODE_OPTIONS`. */
  readonly nodeOptions?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export async function startPbx({ nodeOptions = "", env = {} }: PbxPlan = {}): Promise<BenchPbx> {
  const dir = await mkdtemp(join(tmpdir(), "pbx-x-bench-"));
  const options = [process.env["PBXX_BENCH_NODE_OPTIONS"] ?? "", nodeOptions].flatMap((text) => text.split(" "));
  const child = spawn(process.execPath, [...options.filter((option) => option !== ""), main], {
    env: {
      PATH: process.env["PATH"] ?? "",
      PBXX_DATA_DIR: dir,
      PBXX_HTTP_HOST: "127.0.0.1",
      PBXX_HTTP_PORT: "0",
      PBXX_SIP_HOST: "127.0.0.1",
      PBXX_SIP_PORT: "0",
      PBXX_SIP_TLS_PORT: "0",
      PBXX_SEED: "empty",
      PBXX_ADMIN_PASSWORD: adminPassword,
      PBXX_RTP_PORTS: "20000-39999",
      PBXX_LOG_FORMAT: "json",
      PBXX_LOG_LEVEL: "warn",
      PBXX_REST_REQUESTS_PER_MINUTE: "1000000",
      ...env,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  endWithUs(child);
  const ready = await new Promise<{ http: number; sip: { udp: number } }>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.startsWith('{"ready":true')) resolve(JSON.parse(line) as never);
    });
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
  });
  const url = `http://127.0.0.1:${ready.http}`;
  const post = async (path: string, body: object, token?: string): Promise<Record<string, unknown>> => {
    const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
    const response = await fetch(`${url}/api/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
  };
  const login = async (): Promise<string> => {
    const answer = await post("/auth/login", { email: "admin@pbx-x.example", password: adminPassword });
    return (answer["tokens"] as { accessToken: string }).accessToken;
  };
  const token = await login();
  let latest = { token: Promise.resolve(token), atMs: performance.now() };
  return {
    pid: child.pid ?? 0,
    url,
    sip: `127.0.0.1:${ready.sip.udp}`,
    token,
    login: () => {
      if (performance.now() - latest.atMs > renewMs) latest = { token: login(), atMs: performance.now() };
      return latest.token;
    },
    addExtensions: async (numbers, maxConcurrentCalls = 10) => {
      for (const number of numbers) {
        const body = { number, displayName: number, sipPassword: passwordOf(number), maxConcurrentCalls };
        await post("/extensions", body, token);
      }
    },
    stop: async () => {
      if (child.exitCode === null) {
        const exited = once(child, "exit");
        child.kill("SIGTERM");
        await exited;
      }
      await rm(dir, { recursive: true, force: true });
    },
  };
}
