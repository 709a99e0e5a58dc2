import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EventLog, NewEvent } from "./event-log.ts";
import { createSqliteEventLog, type SqliteEventLogOptions } from "./sqlite-event-log.ts";

const event: NewEvent = { type: "CALL_CREATED", callId: "c", audience: {}, data: {} };
let dir = "";
let log: EventLog | undefined;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "pbx-x-log-"));
});
afterEach(async () => {
  await log?.close();
  await rm(dir, { recursive: true });
});

let counter = 0;
async function open(options: Partial<SqliteEventLogOptions> = {}): Promise<EventLog> {
  log = await createSqliteEventLog({
    path: join(dir, "events.sqlite"),
    newId: () => `id-${(counter += 1)}`,
    now: () => 1000,
    ...options,
  });
  return log;
}

describe("the event log on SQLite", () => {
  it("keeps epoch and numbering over a restart", async () => {
    const first = await open();
    await first.append([event, event]).committed;
    await first.close();
    const second = await open();
    expect({ epoch: second.epoch, head: second.head() }).toEqual({ epoch: first.epoch, head: 2 });
    expect(second.append([event]).firstSeq).toBe(3);
  });

  it("writes what waits before it closes", async () => {
    const first = await open();
    const { committed } = first.append([event]);
    await first.close();
    await committed;
    expect((await open()).head()).toBe(1);
  });

  it("[R4] removes what is over the size, and goes on with the numbering", async () => {
    const first = await open({ limits: { keepEvents: 3, purgeEveryMs: 5 } });
    await first.append(Array.from({ length: 10 }, () => event)).committed;
    await expect.poll(() => first.oldest()).toBe(8);
    expect((await first.read({ after: 0, limit: 10 })).map(({ seq }) => seq)).toEqual([8, 9, 10]);
  });

  it("[R4] removes what is too old; an emptied log still counts on after a restart", async () => {
    let nowMs = 1000;
    const first = await open({ now: () => nowMs, limits: { keepMs: 100, purgeEveryMs: 5 } });
    await first.append([event, event]).committed;
    nowMs = 2000;
    await expect.poll(() => first.oldest()).toBe(3);
    await first.close();
    const second = await open();
    expect([second.head(), second.oldest()]).toEqual([2, 3]);
  });

  it("refuses with LOG_FULL while the disk is stuck, and writes the rest in order when it moves again", async () => {
    const stuck = await open({ limits: { maxQueued: 3, retryMs: 5 } });
    const other = new DatabaseSync(join(dir, "events.sqlite"));
    other.exec("begin immediate");
    const kept = [stuck.append([event]), stuck.append([event, event])];
    const over = stuck.append([event]);
    await expect(over.committed).rejects.toMatchObject({ code: "LOG_FULL" });
    expect(stuck.head()).toBe(0);
    other.exec("rollback");
    other.close();
    await Promise.all(kept.map(({ committed }) => committed));
    expect(stuck.head()).toBe(3);
    expect(stuck.append([event]).firstSeq).toBe(4);
  });

  it("a file that is no database gives LOG_OPEN_FAILED", async () => {
    await expect(open({ path: dir })).rejects.toMatchObject({ code: "LOG_OPEN_FAILED" });
  });

  it("kill -9: no event that was told as committed is missing afterwards", async () => {
    const path = join(dir, "events.sqlite");
    const child = spawn(process.execPath, [join(import.meta.dirname, "crash-writer.ts"), path], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const told = new Map<number, string>();
    for await (const line of createInterface({ input: child.stdout })) {
      const [seq = "", eventId = ""] = line.split(" ");
      if (eventId.length === 36) told.set(Number(seq), eventId);
      if (told.size === 100) child.kill("SIGKILL");
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    const after = await open({ limits: { maxRead: 10_000 } });
    const found = new Map((await after.read({ after: 0, limit: 10_000 })).map(({ seq, eventId }) => [seq, eventId]));
    expect(told.size).toBeGreaterThanOrEqual(100);
    for (const [seq, eventId] of told) expect(found.get(seq)).toBe(eventId);
  });
});
