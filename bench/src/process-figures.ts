import { readdirSync, readFileSync } from "node:fs";

/** CPU time used by processes so far, in milliseconds (user and system, all their threads). */
export function cpuMsOf(...pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + cpuMsOfOne(pid), 0);
}

/** A process and all that it started, as of now. */
export function familyOf(pid: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc").filter((each) => /^\d+$/.test(each))) {
    try {
      const parent = Number(statOf(Number(name))[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // It has ended meanwhile.
    }
  }
  const grown = (each: number): readonly number[] => [each, ...(children.get(each) ?? []).flatMap(grown)];
  return grown(pid);
}

/** What `proc(5)` says of a process, from its state on. */
function statOf(pid: number): readonly string[] {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

function cpuMsOfOne(pid: number): number {
  const fields = statOf(pid);
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
