import { createManualScheduler } from "@pbx-x/telephony/fake";
import { describe, expect, it } from "vitest";
import type { Standing } from "./alert-desk.ts";
import { type DiskSpace, enoughStorage, judgeStorage, StorageWatch } from "./storage-watch.ts";

const limits = { diskWarningPercent: 5, diskCriticalPercent: 1 };

/** What is raised after each value. */
function judged(row: readonly number[]): string {
  let state = enoughStorage;
  const raised: string[] = [];
  for (const percent of row) {
    state = judgeStorage(state, percent, 0, limits);
    raised.push(state.critical.isRaised ? "c" : state.warning.isRaised ? "w" : "-");
  }
  return raised.join("");
}

describe("[V3] [U3] the free space", () => {
  it.each([
    ["enough", [100, 50, 5.1], "---"],
    ["under 5 %", [6, 4.9, 3], "-ww"],
    ["over again with a fifth more only", [4.9, 5.1, 6, 6.1, 5.1], "www--"],
    ["under 1 %, and back", [0.9, 1.1, 1.3, 4, 7], "ccww-"],
    ["from nothing to plenty at once", [0, 80], "c-"],
    ["around a threshold: no flapping", [4.9, 5.1, 4.9, 5.1, 4.9], "wwwww"],
  ] as const)("%s", (_, row, expected) => {
    expect(judged(row)).toBe(expected);
  });

  async function watch(spaces: readonly (DiskSpace | Error)[]) {
    const scheduler = createManualScheduler();
    const told: Standing[] = [];
    const left = [...spaces];
    const storage = new StorageWatch({
      scheduler,
      desk: { watch: () => (standing) => void told.push(standing) },
      readSpace: async () => {
        const next = left.shift();
        if (next === undefined || next instanceof Error) throw next ?? new Error("nothing left");
        return next;
      },
      limits,
      everyMs: 30_000,
    });
    await storage.start();
    return { scheduler, storage, told };
  }

  it("is looked at by the scheduler, with figures", async () => {
    const spaces = [80, 4, 0.5].map((freeBytes) => ({ freeBytes, totalBytes: 100 }));
    const { scheduler, storage, told } = await watch(spaces);
    for (const _ of [1, 2]) {
      scheduler.advance(30_000);
      await Promise.resolve();
      await Promise.resolve();
      await Promise.resolve();
    }
    expect(told).toEqual([
      { severity: "info", message: expect.any(String), metrics: { freePercent: 80, freeBytes: 80 } },
      {
        severity: "warning",
        message: "The disk of the data directory is almost full (4% free)",
        metrics: { freePercent: 4, freeBytes: 4 },
      },
      {
        severity: "critical",
        message: "The disk of the data directory is full (0.5% free)",
        metrics: { freePercent: 0.5, freeBytes: 0.5 },
      },
    ]);
    storage.stop();
    expect(scheduler.pending()).toBe(0);
  });

  it("that cannot be read is an error without the path", async () => {
    const { storage, told } = await watch([Object.assign(new Error("statfs '/secret'"), { code: "EIO" })]);
    expect(told).toEqual([{ severity: "error", message: "The free space of the data directory cannot be read (EIO)" }]);
    storage.stop();
  });
});
