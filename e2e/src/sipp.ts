import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "./free-port.ts";
import { type SippScenario, scenario, uac } from "./sipp-scenario.ts";

export interface SippUser {
  readonly number: string;
  readonly password: string;
}

export interface SippRun {
  readonly scenario: SippScenario;
  readonly user: SippUser;
  readonly dials?: string;
  /** `host:port` of the PBX. */
  readonly pbx: string;
  readonly localPort?: number;
  /** Where it sends from; default 127.0.0.1. */
  readonly localAddress?: string;
  readonly transport?: "udp" | "tcp";
  readonly timeoutSeconds?: number;
  /** How many times it is played, side by side; default 1. */
  readonly count?: number;
  readonly callsPerSecond?: number;
}

export interface SippProcess {
  /** Resolves when the scenario ran through; rejects with what SIPp saw instead. */
  readonly done: Promise<void>;
  stop(): void;
}

/** Plays a scenario with the real SIPp. */
export async function playSipp(run: SippRun): Promise<SippProcess> {
  const dir = await mkdtemp(join(tmpdir(), "pbx-x-sipp-"));
  const port = run.localPort ?? (await freePort());
  const { number, password } = run.user;
  await writeFile(join(dir, "scenario.xml"), run.scenario.xml);
  await writeFile(
    join(dir, "users.csv"),
    `SEQUENTIAL\n${number};[authentication username=${number} password=${password}];${run.dials ?? ""}\n`,
  );
  const args = [
    run.pbx,
    "-sf",
    "scenario.xml",
    "-inf",
    "users.csv",
    "-i",
    run.localAddress ?? "127.0.0.1",
    "-p",
    String(port),
    "-m",
    String(run.count ?? 1),
    "-r",
    String(run.callsPerSecond ?? 1),
    "-nostdin",
    "-mi",
    "127.0.0.1",
    "-trace_err",
    "-default_behaviors",
    "all,-bye",
    "-t",
    run.transport === "tcp" ? "t1" : "u1",
    "-timeout",
    `${run.timeoutSeconds ?? 40}s`,
    "-timeout_error",
  ];
  const child = spawn("sipp", args, {
    cwd: dir,
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, TERM: "dumb" },
  });
  let errors = "";
  child.stderr.on("data", (data: Buffer) => {
    errors = (errors + data.toString()).slice(-4000);
  });
  const done = new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      void readErrors(dir).then(async (trace) => {
        await rm(dir, { recursive: true, force: true });
        if (code === 0) resolve();
        else reject(new Error(`"${run.scenario.name}" failed (sipp ended with ${code}): ${trace}${errors}`));
      });
    });
  });
  done.catch(() => undefined);
  if (run.transport !== "tcp") await untilBound(port, () => child.exitCode !== null || child.signalCode !== null);
  return { done, stop: () => child.kill("SIGTERM") };
}

export async function registerSipp(
  run: Omit<SippRun, "scenario"> & { readonly localPort: number; readonly expires?: number },
): Promise<void> {
  const expires = run.expires ?? 300;
  const name = expires === 0 ? `${run.user.number} unregisters` : `${run.user.number} registers`;
  const played = await playSipp({ ...run, scenario: scenario(name, uac.register(expires)) });
  await played.done;
}

/** Waits until a UDP socket has the port (Linux's table of sockets), so that nobody calls a phone that is not there. */
async function untilBound(port: number, hasEnded: () => boolean): Promise<void> {
  const entry = `:${port.toString(16).toUpperCase().padStart(4, "0")} 00000000:0000`;
  for (let attempt = 0; attempt < 1000 && !hasEnded(); attempt += 1) {
    const sockets = await readFile("/proc/net/udp", "latin1").catch(() => entry);
    if (sockets.includes(entry)) return;
    await delay(10);
  }
}

async function readErrors(dir: string): Promise<string> {
  const files = (await readdir(dir)).filter((file) => file.endsWith("_errors.log"));
  const texts = await Promise.all(files.map((file) => readFile(join(dir, file), "utf8")));
  return texts.join("\n").slice(0, 3000);
}
