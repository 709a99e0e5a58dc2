import { expect, it } from "vitest";
import { createRecordingBench } from "./recording-testbench.ts";
import { startRetention } from "./recording-retention.ts";

it("[C56] recordings older than they are to be kept go, with their files and a note; the others stay", async () => {
  const bench = await createRecordingBench();
  const { store, blobs, scheduler } = bench;
  const removed: string[] = [];
  const audit = {
    write: (_: string | undefined, action: string, id: string): void => void removed.push(`${action} ${id}`),
  };
  const base = {
    callId: "c",
    caller: { number: "200" },
    callee: { number: "201" },
    extensions: [],
    durationMs: 0,
    bytes: 0,
  };
  const now = scheduler.now();
  for (const [id, ageDays, status] of [
    ["old", 31, "complete"],
    ["open", 31, "recording"],
    ["young", 29, "complete"],
  ] as const) {
    await store.insert({
      ...base,
      id,
      status,
      startedAtMs: now - ageDays * 86_400_000,
      blobKey: `recordings/${id}.wav`,
    });
  }
  const onError = (error: unknown): never => {
    throw error;
  };
  const end = startRetention({ store, blobs, audit, scheduler, keepMs: 30 * 86_400_000, onError });
  await expect.poll(() => removed).toEqual(["recording.expire old"]);
  await expect.poll(async () => (await store.find("old")) === undefined).toBe(true);
  scheduler.advance(2 * 86_400_000);
  await expect.poll(() => removed.at(-1)).toBe("recording.expire young");
  expect(await store.find("open")).toBeDefined();
  end();
  startRetention({ store, blobs, audit, scheduler, keepMs: undefined, onError })();
  await bench.stop();
});
