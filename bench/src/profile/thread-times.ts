import { readdirSync, readFileSync } from "node:fs";

/** CPU time of each thread of a process so far, ms, by `<id> <name>`. */
export function threadTimes(pid: number): ReadonlyMap<string, { readonly userMs: number; readonly systemMs: number }> {
  const times = new Map<string, { readonly userMs: number; readonly systemMs: number }>();
  for (const id of readdirSync(`/proc/${pid}/task`)) {
    const text = readFileSync(`/proc/${pid}/task/${id}/stat`, "utf8");
    const name = text.slice(text.indexOf("(") + 1, text.lastIndexOf(")"));
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    times.set(`${id} ${name}`, { userMs: Number(fields[11]) * 10, systemMs: Number(fields[12]) * 10 });
  }
  return times;
}
