import { parentPort } from "node:worker_threads";

interface Request {
  readonly id: number;
  readonly request: unknown;
}

/**
 * The worker's end of a `WorkerLink`: each request gets one answer, in order.
 * `handle`'s parameter type is the sender's promise; both ends are parts of this program.
 */
export function serveWorker<T>(handle: (request: T) => unknown): void {
  parentPort?.on("message", ({ id, request }: Request) => {
    try {
      parentPort?.postMessage({ id, ok: true, value: handle(request as T) });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
      const errcode = error instanceof Error && "errcode" in error ? Number(error.errcode) : undefined;
      parentPort?.postMessage({ id, ok: false, message, code, errcode });
    }
  });
}
