import { brandId, type BindingId, type LegId } from "@pbx-x/telephony";
import { type CallTestbench, createCallTestbench } from "../calls/call-testbench.ts";
import { createMemoryEventLog } from "../event-log/memory-event-log.ts";
import type { Extension } from "../extensions/extension.ts";
import { type Queue, queueDefaults } from "./queue.ts";
import { type Queues, startQueues } from "./start-queues.ts";

/** Support (300) with 200 and 201 as members, on the fake engine; 202 and 203 call. */
export interface QueueTestbench extends CallTestbench {
  readonly acd: Queues;
  /** `QUEUE_STATS_UPDATED`, the newest last. */
  readonly stats: readonly Readonly<Record<string, unknown>>[];
  /** The extension's first phone. */
  phone(number: string): BindingId;
  /** Changes Support. */
  configure(changes: Partial<Queue>): void;
  addQueue(queue: Partial<Queue> & Pick<Queue, "id" | "name" | "extensionNumber">): void;
  idOf(number: string): string;
  login(number: string, queueIds?: readonly string[]): Promise<void>;
  /** Somebody dials a queue; resolves with his leg and the call's id. */
  enter(number: string, dialled?: string): Promise<{ readonly leg: LegId; readonly callId: string }>;
  /** The leg that rings at an extension. */
  ringingAt(number: string): LegId;
  /** Types of the events, without those of phones, from a position on. */
  told(from?: number): readonly string[];
}

export async function createQueueTestbench(
  changes: Partial<Queue> = {},
  each: Readonly<Record<string, Partial<Extension>>> = {},
): Promise<QueueTestbench> {
  const bench = await createCallTestbench({}, each);
  const { calls, extensions, engine, queues } = bench;
  const idOf = (number: string): string => extensions.byNumber(number)?.id ?? "";
  const members = ["200", "201"].map((number) => ({ extensionId: idOf(number), penalty: 0, skills: {} }));
  queues.push({
    ...queueDefaults,
    id: "support",
    name: "Support",
    extensionNumber: "300",
    members,
    greetingEnabled: false,
    announcementIntervalSeconds: 0,
    ...changes,
  });
  const { acd, stats, tellChanged } = await startBenchQueues(bench);
  const phones = new Map(
    ["200", "201", "202", "203"].map((number) => [number, bench.register(number, { expiresMs: 7 * 86_400_000 })]),
  );
  const phone = (number: string): BindingId => phones.get(number) ?? brandId<BindingId>("none");
  return {
    ...bench,
    acd,
    stats,
    phone,
    idOf,
    configure: (more) => {
      const [support] = queues;
      if (support !== undefined) queues[0] = { ...support, ...more };
      tellChanged();
    },
    addQueue: (queue) => {
      queues.push({ ...queueDefaults, greetingEnabled: false, announcementIntervalSeconds: 0, members, ...queue });
      tellChanged();
    },
    login: async (number, queueIds = ["support"]) => {
      const answer = await acd.commands.agentLogin(
        { extensionId: idOf(number), queueIds: [...queueIds] },
        bench.as(number, "all"),
      );
      if (!answer.ok) throw new Error(answer.error.message);
      await bench.settle();
    },
    enter: async (number, dialled = "300") => {
      const leg = engine.call(phone(number), dialled);
      await bench.settle();
      return { leg, callId: calls.registry.ofLeg(leg)?.callId ?? String(bench.last("CALL_CREATED")["callId"]) };
    },
    ringingAt: (number) => {
      const call = calls.registry.ofExtension(idOf(number)).find(({ stage }) => stage.at === "queued");
      const stage = call?.stage;
      const offer = stage?.at === "queued" ? stage.offers.find(({ agent }) => agent.number === number) : undefined;
      const leg = offer?.fork.legs.find(({ status }) => status !== "ended");
      if (leg === undefined) throw new Error(`nothing rings at ${number}`);
      return leg.legId;
    },
    told: (from = 0) => bench.events.slice(from).flatMap(({ type }) => (type.startsWith("EXTENSION_") ? [] : [type])),
  };
}

/**
 * Queues and agents beside a bench's calls, in the order in which the server hears of what happens.
 *
 * @param isWatched somebody follows the figures, which are then told every 5 s
 */
export async function startBenchQueues(
  bench: CallTestbench,
  isWatched = true,
): Promise<{
  readonly acd: Queues;
  readonly stats: readonly Readonly<Record<string, unknown>>[];
  /** After the bench's queues were changed. */
  readonly tellChanged: () => void;
}> {
  const { calls, extensions, scheduler, engine, append, bindingsOf, queues } = bench;
  const listeners = new Set<() => void>();
  const log = createMemoryEventLog({ newId: () => crypto.randomUUID(), now: () => scheduler.now() });
  const stats: Readonly<Record<string, unknown>>[] = [];
  const acd = await startQueues({
    calls,
    queues: {
      byId: (id) => queues.find((queue) => queue.id === id),
      byNumber: (number) => queues.find((queue) => queue.extensionNumber === number),
      all: () => queues,
      onChanged: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    extensions,
    bindingsOf,
    publish: (events) => append(events).lastSeq,
    scheduler,
    random: () => 0,
    log: { ...log, onCommitted: bench.onCommitted },
    store: {
      load: async () => ({ checkpoint: undefined, intervals: [] }),
      save: async () => undefined,
      list: async () => [],
    },
    onError: (error) => {
      throw error;
    },
    watchers: () => ({ hasFollower: () => isWatched, tell: (_, data) => void stats.push(data) }),
  });
  engine.subscribe((event) => acd.onTelephony(event));
  const tellChanged = (): void => {
    for (const listener of listeners) listener();
  };
  return { acd, stats, tellChanged };
}
