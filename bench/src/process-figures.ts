import { readFileSync } from "node:fs";

/** CPU time used by processes so far, in milliseconds (user and system, all their threads). */
export function cpuMsOf(...pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + cpuMsOfOne(pid), 0);
}

function cpuMsOfOne(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  // Fields 14 and 15 of proc(5), counted from the state; the kernel's unit is 10 ms.
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Resident memory of processes in bytes. */
export function memoryOf(...pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + memoryOfOne(pid), 0);
}

function memoryOfOne(pid: number): number {
  const text = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(text)?.[1] ?? 0) * 1024;
}
