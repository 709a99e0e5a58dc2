import type { Binding, Scheduler } from "@pbx-x/telephony";
import type { Agent } from "../agents/agent.ts";
import type { AgentService } from "../agents/agent-service.ts";
import { type Call, extensionsIn } from "../calls/call.ts";
import type { CallService } from "../calls/call-service.ts";
import { toNewEvent } from "../calls/call-events.ts";
import type { NewEvent } from "../event-log/event-log.ts";
import type { Extension, ExtensionDirectory } from "../extensions/extension.ts";
import { partyOf } from "../calls/parties.ts";
import type { AcdAgent, AcdOffer, AcdQueue, WaitingCall } from "./acd-state.ts";
import type { CallEvent } from "../calls/decision.ts";
import { type Callback, movedEvent, requestedEvent } from "./callback.ts";
import { CallbackDesk } from "./callback-desk.ts";
import { distribute } from "./distribute.ts";
import type { QueuePlace, QueueSurroundings } from "./enter-queue.ts";
import { decideOffer, type OfferedAgent } from "./offer-decisions.ts";
import { Pace } from "./pace.ts";
import type { Queue, QueueDirectory } from "./queue.ts";
import { type QueueEntry, queueFields } from "./queue-entry.ts";
import { decideGiveUp } from "./queue-timers.ts";
import { refusedUnheard, RestingAgents } from "./resting-agents.ts";
import { type Waiting, WaitingLine } from "./waiting-line.ts";

export interface QueueServiceOptions {
  readonly calls: CallService;
  readonly agents: AgentService;
  readonly queues: QueueDirectory;
  readonly extensions: Pick<ExtensionDirectory, "byId">;
  readonly bindingsOf: (extensionId: string) => readonly Binding[];
  readonly publish: (events: readonly NewEvent[]) => number | undefined;
  readonly scheduler: Scheduler;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Average time that a call takes an agent, wrap-up included, over the last hour; 0 if unknown ([Q6]). */
  readonly handlingMs: (queue: Queue) => number;
}

/** How often clients learn of new positions ([Q6]). */
const positionPaceMs = 1000;

/** Brings waiting calls and free agents together: once per turn, for the queues only in which something has changed. */
export class QueueService {
  readonly surroundings: QueueSurroundings = {
    byId: (queueId) => this.#options.queues.byId(queueId),
    against: (queue) => this.#against(queue),
    newPlace: (queue) => this.#place(queue.id, this.line(queue.id).newPosition(queue.priority)),
    placeOf: (call) => this.#placeOf(call),
  };
  /** Who has hung up and is called back. */
  readonly callbacks: CallbackDesk;
  readonly #options: QueueServiceOptions;
  readonly #lines = new Map<string, WaitingLine>();
  readonly #lastAgents = new Map<string, string>();
  readonly #paces: Pace;
  readonly #resting: RestingAgents;
  readonly #dirty = new Set<string>();
  #isPending = false;
  #order = 0;
  readonly #listeners = new Set<(queueId: string) => void>();

  constructor(options: QueueServiceOptions) {
    this.#options = options;
    this.callbacks = new CallbackDesk({
      ...options,
      place: {
        put: (callback, isKept) => this.#put(callback, callback.entry, isKept),
        leave: (callback) => this.#leave(callback),
      },
    });
    this.#paces = new Pace(options.scheduler, positionPaceMs, (queueId) => this.#tellPositions(queueId));
    this.#resting = new RestingAgents(options.scheduler, (extensionId) => this.#touchQueuesOf(extensionId));
    options.calls.useQueues(this.surroundings);
    options.calls.onChanged((before, after) => this.#onCall(before, after));
    options.agents.onChanged((before, after) => this.#onAgent(before, after));
    options.queues.onChanged(() => this.#onQueues());
  }

  line(queueId: string): WaitingLine {
    return this.#lines.get(queueId) ?? noLine;
  }

  /** Told of a queue in which calls or agents have changed. */
  onChanged(listener: (queueId: string) => void): void {
    this.#listeners.add(listener);
  }

  /** Agents that are logged in to a queue, whatever they do. */
  agentsOf(queueId: string): readonly Agent[] {
    return this.#options.agents.all().filter(({ memberships }) => memberships.some((one) => one.queueId === queueId));
  }

  /** Who is called back, as the events that would have told it ([W26]). */
  waitingCallbacks(): readonly CallEvent[] {
    return this.callbacks.all().map((callback) => {
      const position = this.line(callback.entry.queueId).positionOf(callback.callId);
      return requestedEvent(callback, Math.max(1, position));
    });
  }

  stop(): void {
    this.#resting.stop();
  }

  #against(queue: Queue): "queue_full" | "no_agents" | undefined {
    if (this.line(queue.id).size >= queue.maxQueueSize) return "queue_full";
    return !queue.waitsWithoutAgents && this.#staffed(queue.id) === 0 ? "no_agents" : undefined;
  }

  #placeOf({ callId, stage }: Call): QueuePlace {
    if (stage.at !== "queued") return { position: 1, estimatedWaitSeconds: 0 };
    const { queueId } = stage.entry;
    return this.#place(queueId, Math.max(1, this.line(queueId).positionOf(callId)));
  }

  #place(queueId: string, position: number): QueuePlace {
    return this.#placesIn(queueId)(position);
  }

  /** What is the same for all who wait in a queue is asked once: there may be thousands of them, and of agents. */
  #placesIn(queueId: string): (position: number) => QueuePlace {
    const staffed = this.#staffed(queueId);
    const queue = this.#options.queues.byId(queueId);
    const handlingMs = queue === undefined ? 0 : this.#options.handlingMs(queue);
    return (position) => {
      const estimatedWaitSeconds = staffed === 0 ? 0 : Math.round((handlingMs * position) / staffed / 1000);
      return { position, estimatedWaitSeconds };
    };
  }

  /** Agents who work in the queue: not on a break, not offline. */
  #staffed(queueId: string): number {
    return this.agentsOf(queueId).filter(({ status }) => status !== "break" && status !== "offline").length;
  }

  #onCall(before: Call | undefined, after: Call): void {
    for (const extensionId of refusedUnheard(before, after)) {
      // Who has just gone on a break, or out, has not refused.
      if (this.#options.agents.ofExtension(extensionId)?.status === "available") this.#resting.rest(extensionId);
    }
    const was = before?.stage.at === "queued" ? before.stage : undefined;
    const is = after.stage.at === "queued" ? after.stage : undefined;
    const isCalledBack = is === undefined && was?.entry.callback !== undefined;
    if (isCalledBack) this.callbacks.begin(after, was.entry);
    else if (was !== undefined && was.entry.queueId !== is?.entry.queueId) {
      if (this.#lines.get(was.entry.queueId)?.remove(after.callId) === true) this.#paces.ask(was.entry.queueId);
      this.#touch(was.entry.queueId);
    }
    if (is !== undefined) {
      const { queueId, callback } = is.entry;
      this.#put(after, is.entry, is.offers.length > 0 || callback !== undefined);
      if (was?.entry.entryId !== is.entry.entryId) this.#paces.ask(queueId);
    }
    this.callbacks.onCall(after);
    if (before !== undefined) this.#onFreed(before, after);
  }

  /** Whose phones the call has left may take another one, although what he does has not changed. */
  #onFreed(before: Call, after: Call): void {
    const still = extensionsIn(after);
    for (const extensionId of extensionsIn(before)) if (!still.includes(extensionId)) this.#touchQueuesOf(extensionId);
  }

  /** Those in which somebody waits for this agent. */
  #touchQueuesOf(extensionId: string): void {
    for (const { queueId } of this.#options.agents.ofExtension(extensionId)?.memberships ?? []) {
      if (this.line(queueId).size > 0) this.#touch(queueId);
    }
  }

  #put(call: Pick<Call, "callId">, entry: QueueEntry, isTaken: boolean): void {
    const { queueId } = entry;
    const line = this.#lines.get(queueId) ?? new WaitingLine();
    this.#lines.set(queueId, line);
    line.put(call, entry, isTaken, () => (this.#order += 1));
    this.#touch(queueId);
  }

  #leave({ callId, entry: { queueId } }: Callback): void {
    if (this.#lines.get(queueId)?.remove(callId) === true) this.#paces.ask(queueId);
    this.#touch(queueId);
  }

  #onAgent(before: Agent | undefined, after: Agent | undefined): void {
    const ids = [...(before?.memberships ?? []), ...(after?.memberships ?? [])].map(({ queueId }) => queueId);
    for (const queueId of new Set(ids)) this.#touch(queueId);
  }

  #onQueues(): void {
    const { queues, agents } = this.#options;
    for (const { memberships } of agents.all()) {
      for (const { queueId } of memberships) if (queues.byId(queueId) === undefined) agents.onQueueGone(queueId);
    }
    for (const queueId of this.#lines.keys()) this.#touch(queueId);
  }

  #touch(queueId: string): void {
    this.#dirty.add(queueId);
    for (const listener of this.#listeners) listener(queueId);
    if (this.#isPending) return;
    this.#isPending = true;
    // Afterwards, so that everybody has been told of what has led here.
    queueMicrotask(() => {
      this.#isPending = false;
      this.#distribute();
    });
  }

  #distribute(): void {
    const { queues, random, calls } = this.#options;
    const touched = [...this.#dirty];
    this.#dirty.clear();
    const waiting: WaitingCall[] = [];
    const asked = new Map<string, AcdQueue>();
    for (const queueId of touched) {
      const line = this.#lines.get(queueId);
      const queue = queues.byId(queueId);
      if (line === undefined || line.size === 0) continue;
      if (queue === undefined || (!queue.waitsWithoutAgents && this.#staffed(queueId) === 0)) this.#giveUp(line, queue);
      if (queue === undefined) continue;
      asked.set(queueId, this.#toAcdQueue(queue));
      waiting.push(...line.all().map((one) => this.#toWaitingCall(one, queue)));
    }
    if (waiting.length === 0) return;
    const agents = this.#freeAgents(asked);
    if (agents.length === 0) return;
    for (const offer of distribute({ queues: asked, agents, waiting }, random)) this.#offer(offer, calls);
  }

  /** Nobody is there for them, and the queue does not wait; or it is no more. */
  #giveUp(line: WaitingLine, queue: Queue | undefined): void {
    const { calls } = this.#options;
    for (const { callId } of line.all().slice()) {
      const callback = this.callbacks.get(callId);
      if (callback !== undefined && queue === undefined) this.callbacks.giveUp(callback, "cancelled");
      const call = calls.registry.get(callId);
      if (call === undefined) continue;
      calls.apply(call, decideGiveUp(call, "no_agents", calls.surroundings(callId), calls.context({ via: "system" })));
    }
  }

  #offer({ entryId, queueId, agentIds }: AcdOffer, calls: CallService): void {
    const queue = this.#options.queues.byId(queueId);
    const waiting = this.line(queueId)
      .all()
      .find(({ entry }) => entry.entryId === entryId);
    if (queue === undefined || waiting === undefined) return;
    const callback = this.callbacks.get(waiting.callId);
    if (callback !== undefined) {
      const [first] = agentIds;
      this.#lastAgents.set(queueId, first);
      return this.callbacks.offer(callback, first, queue);
    }
    const call = calls.registry.get(waiting.callId);
    if (call === undefined) return;
    const agents = agentIds.flatMap((extensionId) => this.#toOffered(extensionId));
    const lastAgent = agentIds.at(-1);
    if (lastAgent !== undefined) this.#lastAgents.set(queueId, lastAgent);
    const ringMs = queue.ringTimeoutSeconds * 1000;
    calls.apply(call, decideOffer(call, { agents, ringMs }, calls.context({ via: "system" })));
  }

  #toOffered(extensionId: string): readonly OfferedAgent[] {
    const { agents, extensions, bindingsOf } = this.#options;
    const agent = agents.ofExtension(extensionId);
    const extension: Extension | undefined = extensions.byId(extensionId);
    if (agent === undefined || extension === undefined) return [];
    return [{ agentId: agent.agentId, agent: partyOf(extension), bindings: bindingsOf(extensionId) }];
  }

  #toAcdQueue({ id, strategy, weight }: Queue): AcdQueue {
    const lastAgentId = this.#lastAgents.get(id);
    return { queueId: id, strategy, weight, ...(lastAgentId !== undefined && { lastAgentId }) };
  }

  #toWaitingCall({ entry, order, isOffered }: Waiting, queue: Queue): WaitingCall {
    const missedBy = new Set(entry.missed.map(({ extensionId }) => extensionId));
    return {
      entryId: entry.entryId,
      queueId: queue.id,
      priority: entry.priority,
      order,
      isOffered,
      skills: queue.requiredSkills,
      missedBy,
    };
  }

  #freeAgents(asked: ReadonlyMap<string, AcdQueue>): readonly AcdAgent[] {
    const { agents, queues } = this.#options;
    return agents.all().flatMap((agent): readonly AcdAgent[] => {
      const memberships = agent.memberships.filter(({ queueId }) => asked.has(queueId));
      if (memberships.length === 0 || !agents.isFree(agent) || this.#resting.has(agent.extensionId)) return [];
      const { extensionId, idleSinceMs, today } = agent;
      const skills = new Map<string, number>();
      for (const { queueId } of memberships) {
        const member = queues.byId(queueId)?.members.find((one) => one.extensionId === extensionId);
        for (const [skill, level] of Object.entries(member?.skills ?? {})) {
          skills.set(skill, Math.max(level, skills.get(skill) ?? 0));
        }
      }
      return [{ agentId: extensionId, isFree: true, idleSinceMs, talkedMs: today.talkMs, memberships, skills }];
    });
  }

  #tellPositions(queueId: string): void {
    const { calls, extensions, publish } = this.#options;
    const placeAt = this.#placesIn(queueId);
    const events = (this.#lines.get(queueId)?.takeMoved() ?? []).flatMap(
      ({ callId, entry, position }): readonly NewEvent[] => {
        const place = placeAt(position);
        const callback = this.callbacks.get(callId);
        if (callback !== undefined) return [toNewEvent(movedEvent(callback, place), extensions)];
        const call = calls.registry.get(callId);
        if (call === undefined) return [];
        const data = { callId, ...queueFields(entry), ...place, causedBy: { via: "system" } };
        const { participants } = call;
        return [toNewEvent({ type: "QUEUE_POSITION_CHANGED", data, participants, queueId }, extensions)];
      },
    );
    if (events.length > 0) publish(events);
  }
}

const noLine = new WaitingLine();
