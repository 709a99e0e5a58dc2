import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** A child process that answers requests, so that each side of a benchmark has a core and a memory of its own. */
export interface Child {
  readonly pid: number;
  ask<Answer>(request: Readonly<Record<string, unknown>>): Promise<Answer>;
  stop(): Promise<void>;
}

/** A program of a benchmark ends with the benchmark, also where that is ended from outside. */
export function endWithUs(child: ChildProcess): void {
  const end = (): void => void child.kill("SIGKILL");
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
}

export function startChild(file: URL, args: readonly string[] = []): Child {
  const child: ChildProcess = fork(file, args, {
    execArgv: ["--expose-gc"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  let counter = 0;
  child.on("message", (message: { id: number; answer?: unknown; error?: string }) => {
    const found = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error !== undefined) found?.reject(new Error(message.error));
    else found?.resolve(message.answer as never);
  });
  child.once("exit", (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`${file.pathname} ended with ${code}`));
    waiting.clear();
  });
  return {
    pid: child.pid ?? 0,
    ask: (request) =>
      new Promise((resolve, reject) => {
        counter += 1;
        waiting.set(counter, { resolve, reject });
        child.send({ id: counter, request });
      }),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      await exited;
    },
  };
}

/** Everything that nobody holds any more is given back to the system, so that what is left can be compared. */
async function collectGarbage(): Promise<undefined> {
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.({ type: "major", execution: "sync", flavor: "last-resort" });
    // What ended with it (handles, finalizers) comes in later turns.
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return undefined;
}

/** The child's side: answers each request, an error included. */
export function serveParent(handle: (request: Readonly<Record<string, unknown>>) => unknown): void {
  process.on("message", (message: { id: number; request: Readonly<Record<string, unknown>> }) => {
    void Promise.resolve()
      .then(() => (message.request["do"] === "collect garbage" ? collectGarbage() : handle(message.request)))
      .then(
        (answer) => process.send?.({ id: message.id, answer }),
        (error: unknown) => process.send?.({ id: message.id, error: String(error) }),
      );
  });
  process.on("disconnect", () => process.exit(0));
  process.on("SIGTERM", () => process.exit(0));
}
