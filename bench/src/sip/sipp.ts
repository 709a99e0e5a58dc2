import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endWithUs } from "../child.ts";

export interface SippLoad {
  readonly scenario: string;
  readonly target: string;
  readonly port: number;
  /** Rows of the data file. */
  readonly rows: readonly string[];
  readonly perSecond?: number;
  /** Scenarios played in all; endless if absent. */
  readonly total?: number;
  readonly pauseMs?: number;
  readonly timeoutSeconds?: number;
}

export interface SippFigures {
  readonly successful: number;
  readonly failed: number;
  readonly retransmissions: number;
  /** Mean of the scenario's timer, ms. */
  readonly meanMs: number;
}

export interface SippRun {
  readonly done: Promise<SippFigures>;
  stop(): void;
}

/** Runs the real SIPp as a load generator. */
export async function startSipp(load: SippLoad): Promise<SippRun> {
  const dir = await mkdtemp(join(tmpdir(), "pbx-x-bench-sipp-"));
  await writeFile(join(dir, "scenario.xml"), load.scenario);
  await writeFile(join(dir, "rows.csv"), `SEQUENTIAL\n${load.rows.join("\n")}\n`);
  const args = [
    "-sf",
    "scenario.xml",
    "-inf",
    "rows.csv",
    "-i",
    "127.0.0.1",
    "-mi",
    "127.0.0.1",
    "-p",
    String(load.port),
  ];
  args.push("-nostdin", "-trace_stat", "-stf", "stat.csv", "-fd", "1", "-buff_size", "4194304", "-l", "20000");
  if (load.perSecond !== undefined) args.push("-r", String(load.perSecond));
  if (load.total !== undefined) args.push("-m", String(load.total));
  if (load.pauseMs !== undefined) args.push("-d", String(load.pauseMs));
  if (load.timeoutSeconds !== undefined) args.push("-timeout", `${load.timeoutSeconds}s`);
  const child = spawn("sipp", [...args, load.target], {
    cwd: dir,
    stdio: "ignore",
    env: { ...process.env, TERM: "dumb" },
  });
  endWithUs(child);
  const done = new Promise<SippFigures>((resolve, reject) => {
    child.once("error", () => reject(new Error("SIPp is missing; install the Debian package sip-tester")));
    child.once("exit", () => {
      readFigures(join(dir, "stat.csv"))
        .then(resolve, reject)
        .finally(() => void rm(dir, { recursive: true, force: true }));
    });
  });
  done.catch(() => undefined);
  return { done, stop: () => child.kill("SIGKILL") };
}

async function readFigures(file: string): Promise<SippFigures> {
  const text = await readFile(file, "utf8").catch(() => "");
  const lines = text
    .trim()
    .split("\n")
    .map((line) => line.split(";"));
  const names = lines[0] ?? [];
  const last = lines.at(-1) ?? [];
  const value = (name: string): string => last[names.indexOf(name)] ?? "0";
  return {
    successful: Number(value("SuccessfulCall(C)")),
    failed: Number(value("FailedCall(C)")),
    retransmissions: Number(value("Retransmissions(C)")),
    meanMs: durationMs(value("ResponseTime1(C)")),
  };
}

/** `00:00:00:005123` (hours, minutes, seconds, microseconds) in ms. */
function durationMs(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0, micros = 0] = text.split(":").map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + micros / 1000;
}
