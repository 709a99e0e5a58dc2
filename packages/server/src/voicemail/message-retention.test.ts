import { writeFile } from "node:fs/promises";
import { afterEach, describe, expect, it } from "vitest";
import { type MessageRetention, startMessageRetention } from "./message-retention.ts";
import { createVoicemailBench, type VoicemailBench } from "./voicemail-testbench.ts";

let bench: VoicemailBench;
let retention: MessageRetention;
afterEach(async () => {
  await retention.stop();
  await bench.stop();
});

const keepMs = 1000_000;

async function put(id: string, receivedAtMs: number, isRead: boolean): Promise<void> {
  const boxId = bench.extensions.byNumber("201")?.id ?? "";
  const blobKey = `voicemail/${id}.wav`;
  await writeFile(await bench.blobs.pathFor(blobKey), "sound");
  await bench.store.insert({
    id,
    boxId,
    status: "complete",
    isRead,
    callId: `call-${id}`,
    caller: { number: "200" },
    isUrgent: false,
    receivedAtMs,
    durationMs: 3000,
    bytes: 5,
    blobKey,
  });
}

const deleted = () => bench.events.filter(({ type }) => type === "VOICEMAIL_DELETED").map(({ data }) => data);

describe("messages that are too old", () => {
  it("[V39] are deleted, heard or not, in batches, each told as the system's; younger ones stay", async () => {
    bench = await createVoicemailBench();
    const { scheduler } = bench;
    scheduler.advance(keepMs);
    for (let index = 0; index < 205; index += 1) await put(`old-${index}`, -1, index % 2 === 0);
    await put("young", scheduler.now() - keepMs + 1, false);
    retention = startMessageRetention({ ...bench, keepMs, onError: (error) => expect(error).toBeUndefined() });
    await retention.settled();
    expect(deleted()).toHaveLength(205);
    expect(deleted()[0]).toMatchObject({
      deletedBy: { userId: "system", name: "PBX-X" },
      causedBy: { via: "system" },
      totalCount: 205,
    });
    expect(deleted().at(-1)).toMatchObject({ unreadCount: 1, totalCount: 1 });
    expect(await bench.blobs.size("voicemail/old-0.wav")).toBeUndefined();
    expect(await bench.blobs.size("voicemail/young.wav")).toBe(5);
    scheduler.advance(3600_000);
    await bench.until(() => deleted().length === 206);
    await retention.settled();
    expect(await bench.store.list({ page: 1, limit: 1 })).toMatchObject({ total: 0 });
  });

  it("[V39] stay for ever where that is wanted", async () => {
    bench = await createVoicemailBench();
    await put("old", -1, true);
    retention = startMessageRetention({ ...bench, keepMs: undefined, onError: () => undefined });
    bench.scheduler.advance(24 * 3600_000);
    await retention.settled();
    expect(deleted()).toEqual([]);
  });
});
