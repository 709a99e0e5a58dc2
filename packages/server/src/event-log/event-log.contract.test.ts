import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { EventLog, LoggedEvent, NewEvent } from "./event-log.ts";
import { createMemoryEventLog } from "./memory-event-log.ts";
import { createSqliteEventLog } from "./sqlite-event-log.ts";

const created = (callId: string, note = ""): NewEvent => ({
  type: "CALL_CREATED",
  callId,
  audience: { extensions: [{ id: "e1", number: "200" }] },
  data: { callId, note },
});

interface World {
  readonly log: EventLog;
  readonly end: () => Promise<void>;
}

const counterIds = (): (() => string) => {
  let counter = 0;
  return () => `id-${(counter += 1)}`;
};
const worlds: Readonly<Record<string, () => Promise<World>>> = {
  memory: async () => {
    const log = createMemoryEventLog({ newId: counterIds(), now: () => 1_700_000_000_000, limits: { maxRead: 5 } });
    return { log, end: () => log.close() };
  },
  sqlite: async () => {
    const dir = await mkdtemp(join(tmpdir(), "pbx-x-log-"));
    const log = await createSqliteEventLog({
      path: join(dir, "events.sqlite"),
      newId: counterIds(),
      now: () => 1_700_000_000_000,
      limits: { maxRead: 5 },
    });
    return {
      log,
      end: async () => {
        await log.close();
        await rm(dir, { recursive: true });
      },
    };
  },
};

describe.each(Object.entries(worlds))("event log: %s", (_name, start) => {
  let world: World | undefined;
  const open = async (): Promise<EventLog> => {
    world = await start();
    return world.log;
  };
  afterEach(async () => {
    await world?.end();
    world = undefined;
  });

  it("[W1] numbers the events in the order of the appends, at once, without a gap", async () => {
    const log = await open();
    const first = log.append([created("a"), created("b")]);
    const second = log.append([created("c")]);
    expect([first.firstSeq, first.lastSeq, second.firstSeq, second.lastSeq]).toEqual([1, 2, 3, 3]);
    await Promise.all([first.committed, second.committed]);
    expect(log.head()).toBe(3);
    expect(log.oldest()).toBe(1);
  });

  it("[W1] [W2] gives each event the wire's envelope", async () => {
    const log = await open();
    await log.append([created("a", "ä")]).committed;
    const [event] = await log.read({ after: 0, limit: 1 });
    expect(event).toMatchObject({ seq: 1, type: "CALL_CREATED", callId: "a", timestampMs: 1_700_000_000_000 });
    expect(event?.audience).toEqual({ extensions: [{ id: "e1", number: "200" }] });
    expect(JSON.parse(event?.json ?? "")).toEqual({
      eventId: event?.eventId,
      seq: 1,
      type: "CALL_CREATED",
      timestamp: "2023-11-14T22:13:20.000Z",
      data: { callId: "a", note: "ä" },
    });
  });

  it("tells the listeners committed events only, in order, each once", async () => {
    const log = await open();
    const heard: LoggedEvent[] = [];
    const stop = log.onCommitted((batch) => {
      expect(log.head()).toBe(batch.at(-1)?.seq);
      heard.push(...batch);
    });
    const receipts = Array.from({ length: 20 }, (_, index) => log.append([created(`c${index}`)]));
    expect(heard).toEqual([]);
    await Promise.all(receipts.map((receipt) => receipt.committed));
    expect(heard.map((event) => event.seq)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    stop();
    await log.append([created("late")]).committed;
    expect(heard).toHaveLength(20);
  });

  it("tells those who are to be first before the others, whoever came first", async () => {
    const log = await open();
    const heard: string[] = [];
    log.onCommitted(() => heard.push("after"));
    const stop = log.onCommitted(() => heard.push("first"), "first");
    log.onCommitted(() => heard.push("last"), "after");
    await log.append([created("a")]).committed;
    expect(heard).toEqual(["first", "after", "last"]);
    stop();
    await log.append([created("b")]).committed;
    expect(heard.slice(3)).toEqual(["after", "last"]);
  });

  it("a listener that throws does not keep events from the others", async () => {
    const log = await open();
    const heard: number[] = [];
    log.onCommitted(() => {
      throw new Error("broken listener");
    });
    log.onCommitted((batch) => heard.push(...batch.map((event) => event.seq)));
    await log.append([created("a")]).committed;
    expect(heard).toEqual([1]);
  });

  it("[R4] reads after a position, by call, up to its own limit", async () => {
    const log = await open();
    await log.append(["a", "b", "a", "b", "a", "b", "a", "b"].map((id) => created(id))).committed;
    const seqs = async (query: { after: number; limit: number; callId?: string }): Promise<readonly number[]> =>
      (await log.read(query)).map((event) => event.seq);
    expect(await seqs({ after: 6, limit: 100 })).toEqual([7, 8]);
    expect(await seqs({ after: 0, limit: 100 })).toEqual([1, 2, 3, 4, 5]);
    expect(await seqs({ after: 2, limit: 2, callId: "b" })).toEqual([4, 6]);
    expect(await seqs({ after: 8, limit: 10 })).toEqual([]);
  });

  it("an append after the end is refused with a value, not a crash", async () => {
    const log = await open();
    await log.close();
    const { firstSeq, lastSeq, committed } = log.append([created("a")]);
    expect(lastSeq).toBe(firstSeq - 1);
    await expect(committed).rejects.toMatchObject({ code: "LOG_CLOSED" });
  });
});
