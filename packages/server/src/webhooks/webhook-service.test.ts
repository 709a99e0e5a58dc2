import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createManualScheduler } from "@pbx-x/telephony/fake";
import { afterEach, describe, expect, it } from "vitest";
import { AlertDesk } from "../alerts/alert-desk.ts";
import type { EventLog, NewEvent } from "../event-log/event-log.ts";
import { createMemoryEventLog } from "../event-log/memory-event-log.ts";
import { type Database, openDatabase } from "../storage/open-database.ts";
import type { WebhookEndpoint, WebhookMessage } from "./webhook.ts";
import { createWebhookBook, type WebhookBook } from "./webhook-book.ts";
import type { DeliveryOutcome } from "./webhook-decision.ts";
import { WebhookService } from "./webhook-service.ts";
import { createWebhookStore, type WebhookStore } from "./webhook-store.ts";

const ok: DeliveryOutcome = { kind: "answered", status: 200 };
const down: DeliveryOutcome = { kind: "failed", reason: "connect ECONNREFUSED" };
const limits = { maxAttempts: 3, switchOffAfterMs: 3600_000 };
const endpoint: WebhookEndpoint = {
  id: "hook",
  name: "CRM",
  url: "https://crm.example/hook",
  eventTypes: [],
  channels: [],
  isActive: true,
  secrets: [{ value: "whsec_AAAA" }],
  createdAtMs: 0,
};
const alert = (number: number): NewEvent => ({
  type: "SYSTEM_ALERT",
  audience: {},
  data: { alertId: `alert-${number}`, severity: "info", category: "service", message: "A test" },
});
const ended = (extension: string): NewEvent => ({
  type: "CALL_ENDED",
  audience: { extensions: [{ id: `id-${extension}`, number: extension }] },
  data: { callId: "call" },
});

let dir = "";
let db: Database;
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

interface Bench {
  readonly service: WebhookService;
  readonly book: WebhookBook;
  readonly store: WebhookStore;
  readonly log: EventLog;
  readonly told: NewEvent[];
  readonly desk: AlertDesk;
  readonly sent: WebhookMessage[];
  /** Where to. */
  readonly urls: readonly string[];
  readonly scheduler: ReturnType<typeof createManualScheduler>;
  /** Outcomes of the next tries; after them all is taken. */
  readonly outcomes: (DeliveryOutcome | Promise<DeliveryOutcome>)[];
  readonly ids: () => readonly string[];
  append(...events: readonly NewEvent[]): Promise<readonly string[]>;
  settle(): Promise<void>;
}

async function createBench(
  given: { log?: EventLog; keepEvents?: number; path?: string; scheduler?: Bench["scheduler"] } = {},
): Promise<Bench> {
  const scheduler = given.scheduler ?? createManualScheduler();
  let counter = 0;
  const newId = (): string => `id-${(counter += 1)}`;
  if (given.path === undefined) {
    dir = await mkdtemp(join(tmpdir(), "pbx-x-webhooks-"));
    const made = dir;
    db = await openDatabase(join(made, "pbx-x.sqlite"));
    const opened = db;
    ends.push(async () => {
      await opened.destroy();
      await rm(made, { recursive: true });
    });
  }
  const onError = (error: unknown): void => {
    throw error;
  };
  const log =
    given.log ??
    createMemoryEventLog({
      newId,
      now: () => scheduler.now(),
      ...(given.keepEvents !== undefined && { limits: { keepEvents: given.keepEvents } }),
    });
  const store = createWebhookStore({ db, scheduler, onError });
  const book = await createWebhookBook(store);
  const told: NewEvent[] = [];
  const desk = new AlertDesk({ scheduler, newId, publish: (events) => told.push(...events), intervalMs: 60_000 });
  const sent: WebhookMessage[] = [];
  const outcomes: Bench["outcomes"] = [];
  const urls: string[] = [];
  const service = new WebhookService({
    book,
    store,
    log,
    scheduler,
    newId,
    desk,
    limits,
    onError,
    random: () => 0,
    progress: await store.progress(),
    onAttempt: () => undefined,
    sender: {
      send: async ({ url }, message) => {
        sent.push(message);
        urls.push(url);
        return outcomes.shift() ?? ok;
      },
      close: () => undefined,
    },
  });
  service.start();
  ends.push(() => service.stop());
  const settle = async (): Promise<void> => {
    // What is written to the database comes back from another thread, one statement after the other.
    for (let turn = 0; turn < 8; turn += 1) {
      await store.countDeadLetters();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return {
    service,
    book,
    store,
    log,
    told,
    desk,
    sent,
    urls,
    scheduler,
    outcomes,
    settle,
    ids: () => sent.map(({ id }) => id),
    append: async (...events) => {
      const { firstSeq, committed } = log.append(events);
      await committed;
      await settle();
      return (await log.read({ after: firstSeq - 1, limit: 100 })).map(({ eventId }) => eventId);
    },
  };
}

describe("delivery by log position", () => {
  it("[R42] sends what happens after the creation, each event as it is in the log, once and in order", async () => {
    const bench = await createBench();
    await bench.append(alert(0));
    await bench.service.create(endpoint);
    const wanted = await bench.append(alert(1), alert(2), alert(3));
    expect(bench.ids()).toEqual(wanted);
    const logged = await bench.log.read({ after: 1, limit: 10 });
    expect(bench.sent.map(({ body }) => body)).toEqual(logged.map(({ json }) => json));
    expect(bench.service.status("hook")?.progress).toMatchObject({ seq: 4, attempts: 0 });
  });

  it("[R40] sends only the types and channels that were asked for", async () => {
    const bench = await createBench();
    await bench.service.create({ ...endpoint, eventTypes: ["CALL_ENDED"], channels: ["extension:200"] });
    const [, , third] = await bench.append(alert(1), ended("201"), ended("200"), alert(2));
    expect(bench.ids()).toEqual([third]);
    await bench.book.update("hook", (before) => ({ ...before, eventTypes: [], channels: ["system"] }));
    const [, fourth] = await bench.append(ended("200"), alert(3));
    expect(bench.ids()).toEqual([third, fourth]);
  });

  it("[R42] one that fails holds up those behind it, so that the order stays; other endpoints go on", async () => {
    const bench = await createBench();
    await bench.service.create(endpoint);
    bench.outcomes.push(down, down);
    const [first, second] = await bench.append(alert(1), alert(2));
    expect(bench.ids()).toEqual([first]);
    bench.scheduler.advance(1000);
    await bench.settle();
    expect(bench.ids()).toEqual([first, first]);
    expect(bench.service.status("hook")).toMatchObject({
      progress: { seq: 0, attempts: 2 },
      lastFailure: { reason: "connect ECONNREFUSED" },
      nextTryAtMs: bench.scheduler.now() + 2000,
    });
    await bench.service.create({ ...endpoint, id: "other" });
    const [third] = await bench.append(alert(3));
    expect(bench.ids()).toEqual([first, first, third]);
    bench.scheduler.advance(2000);
    await bench.settle();
    expect(bench.ids()).toEqual([first, first, third, first, second, third]);
    expect(bench.service.status("hook")?.progress).toMatchObject({ seq: 3, attempts: 0 });
    expect(bench.service.status("hook")?.progress).not.toHaveProperty("failingSinceMs");
  });

  it("[R42] a new run goes on where the last one was; what was not noted yet is sent again, nothing is left out", async () => {
    const bench = await createBench();
    await bench.service.create(endpoint);
    const [first] = await bench.append(alert(1));
    bench.scheduler.advance(200);
    await bench.store.flush();
    // Not noted: the process ends before.
    const [second] = await bench.append(alert(2));
    expect(bench.ids()).toEqual([first, second]);
    const { log, scheduler } = bench;
    const again = await createBench({ log, scheduler, path: dir });
    await again.settle();
    expect(again.ids()).toEqual([second]);
    const [third] = await again.append(alert(3));
    expect(again.ids()).toEqual([second, third]);
  });

  it("[R43] what is given up becomes a dead letter that stays, and the next one is sent", async () => {
    const bench = await createBench();
    await bench.service.create(endpoint);
    bench.outcomes.push(down, down, { kind: "answered", status: 400 });
    const [first, second] = await bench.append(alert(1), alert(2));
    for (const ms of [1000, 2000]) {
      bench.scheduler.advance(ms);
      await bench.settle();
    }
    expect(bench.ids()).toEqual([first, first, first, second]);
    const { letters, total } = await bench.store.deadLetters({ endpointId: "hook", page: 1, limit: 10 });
    expect(total).toBe(1);
    expect(letters).toMatchObject([{ id: first, attempts: 3, reason: "status 400", type: "SYSTEM_ALERT" }]);
    expect(letters[0]?.body).toBe(bench.sent[0]?.body);
  });

  it.each<readonly [string, DeliveryOutcome]>([
    ["fails", down],
    ["is told that it is gone", { kind: "answered", status: 410 }],
  ])(
    "[R43] a change while a try is under way lets the next one come at once, also where that try %s",
    async (_, end) => {
      const bench = await createBench();
      await bench.service.create(endpoint);
      const underWay = Promise.withResolvers<DeliveryOutcome>();
      bench.outcomes.push(underWay.promise);
      const [first] = await bench.append(alert(1));
      const url = "https://crm.example/new";
      await bench.book.update("hook", (before) => ({ ...before, url }));
      underWay.resolve(end);
      await bench.settle();
      expect(bench.ids()).toEqual([first, first]);
      expect(bench.urls).toEqual([endpoint.url, url]);
      expect(bench.book.byId("hook")?.isActive).toBe(true);
      expect(bench.service.status("hook")?.progress).toMatchObject({ seq: 1, attempts: 0 });
    },
  );

  it("[R44] the time in which it was off does not count", async () => {
    const bench = await createBench();
    await bench.service.create(endpoint);
    bench.outcomes.push(down, down);
    await bench.append(alert(1));
    const turn = (isActive: boolean) => bench.book.update("hook", (before) => ({ ...before, isActive }));
    await turn(false);
    bench.scheduler.advance(limits.switchOffAfterMs);
    await turn(true);
    await bench.settle();
    expect(bench.book.byId("hook")).toMatchObject({ isActive: true });
    expect(bench.service.status("hook")?.progress).toMatchObject({
      attempts: 1,
      failingSinceMs: bench.scheduler.now(),
    });
    expect(bench.told).toEqual([]);
  });

  it("[R44] 410 switches it off with an alert; switched on again it goes on with the same event", async () => {
    const bench = await createBench();
    await bench.service.create(endpoint);
    bench.outcomes.push({ kind: "answered", status: 410 });
    const [first, second] = await bench.append(alert(1), alert(2));
    expect(bench.ids()).toEqual([first]);
    expect(bench.book.byId("hook")).toMatchObject({ isActive: false, switchedOff: { reason: "gone" } });
    expect(bench.told).toMatchObject([
      {
        type: "SYSTEM_ALERT",
        data: { severity: "error", message: 'The webhook "CRM" was switched off: its receiver is gone (status 410)' },
      },
    ]);
    expect(bench.desk.active()).toHaveLength(1);
    bench.scheduler.advance(60_000);
    await bench.book.update("hook", ({ switchedOff: _off, ...before }) => ({ ...before, isActive: true }));
    await bench.settle();
    expect(bench.ids()).toEqual([first, first, second]);
    expect(bench.told[1]).toMatchObject({ data: { severity: "info", isOver: true } });
    expect(bench.desk.active()).toEqual([]);
  });

  it("[R44] one that took nothing for long is switched off with an alert, also over a restart", async () => {
    const bench = await createBench();
    await bench.service.create(endpoint);
    const always = (): unknown => bench.outcomes.push(...Array.from({ length: 20 }, () => down));
    always();
    await bench.append(alert(1));
    bench.scheduler.advance(200);
    await bench.store.flush();
    await bench.service.stop();
    bench.scheduler.advance(3600_000);
    const again = await createBench({ log: bench.log, scheduler: bench.scheduler, path: dir });
    again.outcomes.push(down);
    await again.settle();
    expect(again.book.byId("hook")).toMatchObject({
      isActive: false,
      switchedOff: { reason: "failing", message: "connect ECONNREFUSED" },
    });
    expect(again.told).toMatchObject([{ data: { severity: "error" } }]);
    const third = await createBench({ log: bench.log, scheduler: bench.scheduler, path: dir });
    expect(third.desk.active()).toHaveLength(1);
    expect(third.sent).toEqual([]);
    await third.book.remove("hook");
    bench.scheduler.advance(60_000);
    expect(third.desk.active()).toEqual([]);
  });

  it("[R46] what the log does not keep any more is told as a gap before the rest", async () => {
    const bench = await createBench({ keepEvents: 2 });
    await bench.service.create({ ...endpoint, isActive: false });
    const ids = await bench.append(alert(1), alert(2), alert(3), alert(4));
    await bench.book.update("hook", (before) => ({ ...before, isActive: true }));
    await bench.settle();
    expect(bench.ids()).toEqual(["gap-hook-0-2", ...ids.slice(-2)]);
    const { epoch } = bench.log;
    expect(JSON.parse(bench.sent[0]?.body ?? "")).toMatchObject({
      type: "WEBHOOK_GAP",
      data: { webhookId: "hook", from: { epoch, seq: 0 }, to: { epoch, seq: 2 } },
    });
  });

  it("[R46] another log, and one that was put back from a copy, are gaps too", async () => {
    const bench = await createBench();
    await bench.service.create(endpoint);
    await bench.append(alert(1), alert(2));
    bench.store.putProgress("hook", { epoch: "of-before", seq: 500, attempts: 0 });
    await bench.store.flush();
    const { log, scheduler } = bench;
    const again = await createBench({ log, scheduler, path: dir });
    await again.settle();
    expect(again.sent.map(({ type }) => type)).toEqual(["WEBHOOK_GAP", "SYSTEM_ALERT", "SYSTEM_ALERT"]);
    again.store.putProgress("hook", { epoch: log.epoch, seq: 500, attempts: 0 });
    await again.service.stop();
    const third = await createBench({ log, scheduler, path: dir });
    await third.settle();
    expect(third.sent.map(({ type }) => type)).toEqual(["WEBHOOK_GAP"]);
    expect(third.service.status("hook")?.progress.seq).toBe(2);
  });

  it("[R42] what waits can be left out, and a deleted one leaves nothing behind", async () => {
    const bench = await createBench();
    await bench.service.create(endpoint);
    bench.outcomes.push(down, down, down);
    await bench.append(alert(1), alert(2));
    await bench.service.skip("hook");
    const [third] = await bench.append(alert(3));
    expect(bench.ids().at(-1)).toBe(third);
    bench.outcomes.push(down);
    await bench.append(alert(4));
    await bench.book.remove("hook");
    await bench.settle();
    bench.scheduler.advance(10_000);
    await bench.store.flush();
    expect(await bench.store.progress()).toEqual(new Map());
    expect(bench.service.status("hook")).toBeUndefined();
    expect(bench.scheduler.pending()).toBe(0);
  });
});
