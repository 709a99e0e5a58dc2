import { readFile, writeFile } from "node:fs/promises";
import { parentPort, workerData } from "node:worker_threads";
import { convertWav } from "../wav/convert.ts";
import type { ConvertFile, ConvertFileResult } from "./convert-file.ts";

const { from, to, maxMs } = workerData as ConvertFile;

async function run(): Promise<ConvertFileResult> {
  const converted = convertWav(await readFile(from), { maxMs });
  if (!converted.ok) return converted;
  await writeFile(to, converted.bytes, { mode: 0o600 });
  return { ok: true, durationMs: converted.durationMs };
}

parentPort?.postMessage(await run().catch((): ConvertFileResult => ({ ok: false, error: "unreadable" })));
