import type { AnyEvent } from "@pbx-x/protocol";
import type { TelephonyEvent } from "@pbx-x/telephony";
import { dateOf } from "../agents/agent.ts";
import { createAgentCodes } from "../agents/agent-codes.ts";
import { type AgentCommands, createAgentCommands } from "../agents/agent-commands.ts";
import { AgentService } from "../agents/agent-service.ts";
import type { Realtime } from "../realtime/realtime.ts";
import { type AcdCheckpoint, AcdKeeper, type AcdKeeperOptions } from "./acd-keeper.ts";
import type { AcdStore } from "./acd-store.ts";
import type { CallbackDesk } from "./callback-desk.ts";
import { handlingMs, midnight, queueNow, statsData } from "./queue-figures-service.ts";
import type { QueueFigures } from "./queue-figures.ts";
import { QueueService, type QueueServiceOptions } from "./queue-service.ts";
import { StatsTeller } from "./stats-teller.ts";

export type QueueParts = Omit<QueueServiceOptions, "agents" | "handlingMs"> &
  Omit<AcdKeeperOptions, "thresholdOf"> & {
    /** Those who watch the figures; there when the first call comes. */
    readonly watchers: () => Pick<Realtime, "hasFollower" | "tell">;
  };

export interface Queues {
  readonly agents: AgentService;
  readonly service: QueueService;
  readonly commands: AgentCommands;
  /** What agents dial; false where it is not possible. */
  readonly dialled: ReturnType<typeof createAgentCodes>;
  /** What the routes need. */
  readonly rest: {
    readonly agents: AgentService;
    readonly figures: QueueFiguresSource;
    readonly callbacks: CallbackDesk;
  };
  onTelephony(event: TelephonyEvent): void;
  /** Log-ins and totals as a restart would find them. */
  kept(): Pick<AcdCheckpoint, "agents" | "days" | "callbacks">;
  /** Goes on with the log-ins of the last run; when the phones are known again. */
  restore(): void;
  /** Who is logged in, and who is called back, as the events that would have told it ([W26]). */
  startingState(): readonly Pick<AnyEvent, "type" | "timestamp" | "data">[];
  stop(): Promise<void>;
}

/** Figures for REST. */
export interface QueueFiguresSource {
  now(queueId: string): ReturnType<typeof queueNow>;
  today(queueId: string): QueueFigures;
  readonly list: AcdStore["list"];
  /** So that what is not stored yet is in the list. */
  flush(): Promise<void>;
}

/** Queues and agents, put together. */
export async function startQueues(parts: QueueParts): Promise<Queues> {
  const { queues, calls, store, scheduler } = parts;
  const keeper = new AcdKeeper({
    ...parts,
    thresholdOf: (queueId) => queues.byId(queueId)?.serviceLevelThresholdSeconds ?? 0,
  });
  await keeper.start();
  const agents = new AgentService(parts);
  const service = new QueueService({
    ...parts,
    agents,
    handlingMs: (queue) => handlingMs(queue, keeper.intervals, scheduler.now()),
  });
  const isRegistered = (extensionId: string): boolean => parts.bindingsOf(extensionId).length > 0;
  const now = (queueId: string) => queueNow(queueId, { calls, service });
  const today = (queueId: string) => keeper.intervals.since(queueId, midnight(scheduler.now()));
  const teller = new StatsTeller({
    scheduler,
    queues: () => queues.all(),
    isWatched: (queueId) => parts.watchers().hasFollower(["queues", `queues:${queueId}`]),
    tell: (queueId) => {
      const queue = queues.byId(queueId);
      if (queue === undefined) return;
      const data = statsData(queue, now(queueId), today(queueId));
      parts.watchers().tell("QUEUE_STATS_UPDATED", data, { queueIds: [queueId] });
    },
  });
  const kept = () => ({
    agents: keeper.agents.agents(),
    days: keeper.agents.days(dateOf(scheduler.now())),
    callbacks: keeper.callbacks.callbacks(),
  });
  service.onChanged((queueId) => teller.changed(queueId));
  return {
    agents,
    service,
    commands: createAgentCommands({ agents, queues, extensions: parts.extensions, isRegistered }),
    dialled: createAgentCodes(agents, queues),
    rest: {
      agents,
      callbacks: service.callbacks,
      figures: { now, today, list: (...wanted) => store.list(...wanted), flush: () => keeper.flush() },
    },
    onTelephony: (event) => {
      if (event.type === "bindingAdded") agents.onBindings(event.binding.extensionId);
      else if (event.type === "bindingRemoved") agents.onBindings(event.extensionId);
    },
    kept,
    restore: () => {
      const last = kept();
      agents.restore(last.agents, last.days);
      for (const callback of last.callbacks) service.callbacks.resume(callback);
    },
    startingState: () => {
      const timestamp = new Date(scheduler.now()).toISOString();
      const told = [...agents.startingState(), ...service.waitingCallbacks()].map(({ type, data }) => ({
        type,
        timestamp,
        data,
      }));
      // Made as the events of the log are, which the definitions prove.
      return JSON.parse(JSON.stringify(told)) as readonly Pick<AnyEvent, "type" | "timestamp" | "data">[];
    },
    stop: async () => {
      teller.stop();
      service.stop();
      await keeper.stop();
    },
  };
}
