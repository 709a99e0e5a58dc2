import { readdirSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

/** What a process holds at one moment. */
export interface Sample {
  /** Seconds since the traffic began. */
  readonly second: number;
  /** After garbage was collected. */
  readonly heapBytes: number;
  readonly residentBytes: number;
  /** Open files and sockets, as the system counts them. */
  readonly files: number;
  /** Of the process itself. */
  readonly handles: number;
  readonly timers: number;
  readonly calls: number;
  readonly sessions: number;
  /** What the engine holds, by its names: legs, bridges, media ports … */
  readonly engine: Readonly<Record<string, number>>;
}

/** Asks the server for its figures, after it has collected its garbage. */
export async function takeSample(url: string, pid: number, second: number): Promise<Sample> {
  process.kill(pid, "SIGUSR2");
  // The signal and the question come by different ways.
  await pause(300);
  const text = await (await fetch(`${url}/metrics`)).text();
  const read = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1] ?? 0);
  const engine = [...text.matchAll(/^pbxx_engine_in_use\{what="(\w+)"\} (\d+)$/gm)];
  return {
    second,
    heapBytes: read("pbxx_nodejs_heap_size_used_bytes"),
    residentBytes: read("pbxx_process_resident_memory_bytes"),
    files: readdirSync(`/proc/${pid}/fd`).length,
    handles: read("pbxx_nodejs_active_handles_total"),
    timers: read('pbxx_nodejs_active_resources\\{type="Timeout"\\}'),
    calls: read("pbxx_calls_active"),
    sessions: read("pbxx_sessions"),
    engine: Object.fromEntries(engine.map(([, what = "", count]) => [what, Number(count)])),
  };
}
