import { Worker } from "node:worker_threads";
import type { ConvertError } from "../wav/convert.ts";

export interface ConvertFile {
  readonly from: string;
  /** Written anew; what was there is replaced. */
  readonly to: string;
  readonly maxMs: number;
}

export type ConvertFileResult =
  | { readonly ok: true; readonly durationMs: number }
  | { readonly ok: false; readonly error: ConvertError | "unreadable" };

/** Makes a file that can be played out of one that was uploaded, in a thread of its own: the filter takes its time. */
export function convertFile(job: ConvertFile): Promise<ConvertFileResult> {
  const worker = new Worker(new URL("convert-worker.ts", import.meta.url), { workerData: job });
  return new Promise((resolve) => {
    worker.once("message", (result: ConvertFileResult) => resolve(result));
    worker.once("error", () => resolve({ ok: false, error: "unreadable" }));
    worker.once("exit", () => resolve({ ok: false, error: "unreadable" }));
  });
}
