import { subscribe } from "node:diagnostics_channel";
import { writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
import { clockMs } from "../clock.ts";
import type { Step } from "./parts.ts";

// Loaded into the server (`--import`): notes when each step of an event's way is reached, and writes all down at the exit.

interface Logged {
  readonly seq: number;
}

const file = process.env["BENCH_TIMES"];

if (isMainThread && file !== undefined) {
  const times = new Map<number, Partial<Record<Step, number>>>();
  // From the datagram to the log everything happens in one turn.
  let current: Partial<Record<Step, number>> = {};
  const note = (step: Step) => (): void => {
    current[step] = clockMs();
  };
  const noteEach = (step: Step) => (events: unknown) => {
    const at = clockMs();
    for (const { seq } of events as readonly Logged[]) {
      const known = times.get(seq);
      if (known !== undefined) known[step] = at;
    }
  };
  subscribe("pbx-x:sip:received", () => {
    current = { received: clockMs() };
    setImmediate(() => (current = {}));
  });
  subscribe("pbx-x:sip:parsed", note("parsed"));
  subscribe("pbx-x:calls:told", note("told"));
  subscribe("pbx-x:calls:decided", note("decided"));
  subscribe("pbx-x:log:appended", (events) => {
    for (const { seq } of events as readonly Logged[]) times.set(seq, { ...current, appended: clockMs() });
  });
  subscribe("pbx-x:log:writing", noteEach("writing"));
  subscribe("pbx-x:log:committed", noteEach("committed"));
  subscribe("pbx-x:realtime:sent", noteEach("sent"));
  process.on("exit", () => writeFileSync(file, JSON.stringify([...times])));
}
