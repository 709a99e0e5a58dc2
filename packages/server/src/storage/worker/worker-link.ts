import { once } from "node:events";
import { Worker } from "node:worker_threads";

interface Answer {
  readonly id: number;
  readonly ok: boolean;
  readonly value?: unknown;
  readonly message?: string;
  readonly code?: string;
  readonly errcode?: number;
}

/** What a worker answered when it could not do as asked. */
export class WorkerError extends Error {
  readonly code: string;
  /** SQLite's extended result code, where it was SQLite that refused. */
  readonly errcode: number | undefined;

  constructor(message: string, code = "WORKER_FAILED", errcode?: number) {
    super(message);
    this.name = "WorkerError";
    this.code = code;
    this.errcode = errcode;
  }
}

/** Questions and answers with one worker thread. */
export class WorkerLink<Request> {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #nextId = 1;
  #ended: Error | undefined;

  /** `file` is a source; where this runs compiled, so does the worker. */
  constructor(file: URL) {
    this.#worker = new Worker(import.meta.url.endsWith(".ts") ? file : new URL(file.href.replace(/\.ts$/, ".js")));
    this.#worker.on("message", (answer: Answer) => this.#settle(answer));
    this.#worker.on("error", (error) => this.#end(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on("exit", () => this.#end(new WorkerError("the thread has ended", "WORKER_ENDED")));
  }

  /** Rejects with a `WorkerError`. The answer's type is the caller's knowledge of the other end. */
  ask<Result>(request: Request): Promise<Result> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      const id = this.#nextId;
      this.#nextId += 1;
      this.#waiting.set(id, { resolve: (value) => resolve(value as Result), reject });
      this.#worker.postMessage({ id, request });
    });
  }

  async close(): Promise<void> {
    if (this.#ended !== undefined) return;
    const exited = once(this.#worker, "exit");
    await this.#worker.terminate();
    await exited;
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    if (waiting === undefined) return;
    this.#waiting.delete(answer.id);
    if (answer.ok) waiting.resolve(answer.value);
    else waiting.reject(new WorkerError(answer.message ?? "failed", answer.code, answer.errcode));
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}
