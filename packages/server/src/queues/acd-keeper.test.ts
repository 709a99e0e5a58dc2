import { createManualScheduler } from "@pbx-x/telephony/fake";
import { describe, expect, it } from "vitest";
import { createMemoryEventLog } from "../event-log/memory-event-log.ts";
import { AcdKeeper } from "./acd-keeper.ts";
import type { QueueInterval } from "./queue-intervals.ts";

/** A keeper whose store fails where it is told to. */
async function startKeeper() {
  const scheduler = createManualScheduler();
  const log = createMemoryEventLog({ newId: () => crypto.randomUUID(), now: () => scheduler.now() });
  const saves: (readonly QueueInterval[])[] = [];
  const errors: unknown[] = [];
  const disk = { isFull: false };
  const keeper = new AcdKeeper({
    log,
    store: {
      load: async () => ({ checkpoint: undefined, intervals: [] }),
      save: async (_, changed) => {
        if (disk.isFull) throw new Error("the disk is full");
        saves.push(changed);
      },
      list: async () => [],
    },
    scheduler,
    onError: (error) => void errors.push(error),
    thresholdOf: () => 20,
  });
  await keeper.start();
  const enter = (queueId: string) =>
    log.append([{ type: "QUEUE_CALL_ENTERED", data: { queueId, queueName: queueId }, audience: {} }]).committed;
  return { keeper, scheduler, saves, errors, disk, enter };
}

describe("what is kept of the queues", () => {
  it("[Q11] figures that could not be stored are stored the next time", async () => {
    const { keeper, scheduler, saves, errors, disk, enter } = await startKeeper();
    await enter("support");
    await enter("sales");
    disk.isFull = true;
    await expect(keeper.flush()).rejects.toThrow("the disk is full");
    disk.isFull = false;
    await enter("sales");
    scheduler.advance(10_000);
    await keeper.stop();
    expect(saves.flat()).toMatchObject([
      { queueId: "support", figures: { entered: 1 } },
      { queueId: "sales", figures: { entered: 2 } },
    ]);
    expect(errors).toEqual([]);
  });

  it("[Q11] figures that could not be stored are stored although another save came through without them", async () => {
    const { keeper, saves, disk, enter } = await startKeeper();
    await enter("support");
    disk.isFull = true;
    const failing = keeper.flush();
    disk.isFull = false;
    const other = keeper.flush();
    await expect(failing).rejects.toThrow("the disk is full");
    await other;
    await keeper.stop();
    expect(saves.flat()).toMatchObject([{ queueId: "support", figures: { entered: 1 } }]);
  });
});
