import type { OfferOutcome } from "@pbx-x/protocol";
import type { Binding, Scheduler } from "@pbx-x/telephony";
import { type Call, extensionsIn } from "../calls/call.ts";
import type { CallService } from "../calls/call-service.ts";
import type { Cause } from "../calls/decision.ts";
import type { NewEvent } from "../event-log/event-log.ts";
import type { Extension, ExtensionDirectory } from "../extensions/extension.ts";
import { decideWithdrawAttempt } from "../queues/callback-attempt.ts";
import { decideWithdraw } from "../queues/offer-decisions.ts";
import type { QueueDirectory } from "../queues/queue.ts";
import { type Agent, type AgentDay, type AgentMembership, type AgentWish, dateOf, withStatus } from "./agent.ts";
import {
  type AgentSurroundings,
  atRest,
  closeTalk,
  decideAgent,
  decideMissed,
  decideWish,
  decideWrapUp,
} from "./agent-decisions.ts";
import type { KeptAgent } from "./agent-ledger.ts";
import { loggedIn, loggedOut, stateChanged } from "./agent-events.ts";
import { newMisses, queueCallOf, takesPart } from "./agent-calls.ts";

export interface AgentServiceOptions {
  readonly calls: CallService;
  readonly queues: Pick<QueueDirectory, "byId">;
  readonly extensions: Pick<ExtensionDirectory, "byId">;
  readonly bindingsOf: (extensionId: string) => readonly Binding[];
  /** Returns the position of the last event. */
  readonly publish: (events: readonly NewEvent[]) => number | undefined;
  readonly scheduler: Scheduler;
}

/** What a change came to. */
export interface AgentOutcome {
  readonly agent: Agent;
  readonly seq: number | undefined;
}

const bySystem: Cause = { via: "system" };

/** Who is logged in to queues, and what they do; told as it changes ([Q2]). */
export class AgentService {
  readonly #options: AgentServiceOptions;
  readonly #agents = new Map<string, Agent>();
  /** Totals of those who have logged out today ([Q8]). */
  readonly #totals = new Map<string, AgentDay>();
  readonly #wrapUps = new Map<string, () => void>();
  readonly #listeners = new Set<(before: Agent | undefined, after: Agent | undefined) => void>();

  constructor(options: AgentServiceOptions) {
    this.#options = options;
    options.calls.onChanged((before, after) => this.#onCall(before, after));
  }

  /** Goes on with the log-ins of the last run; what they do is found out anew, and told ([Q10]). */
  restore(kept: readonly KeptAgent[], days: readonly (readonly [string, AgentDay])[]): void {
    const { extensions, queues } = this.#options;
    const nowMs = this.#now();
    for (const [agentId, day] of days) this.#totals.set(agentId, day);
    for (const { agentId, extensionId, memberships, status, sinceMs, wish } of kept) {
      const extension = extensions.byId(extensionId);
      const still = memberships.filter(({ queueId }) => queues.byId(queueId) !== undefined);
      const today = this.#totals.get(agentId) ?? { date: dateOf(nowMs), calls: 0, talkMs: 0 };
      const { number = "", displayName: name = "", userId } = extension ?? {};
      const who = { agentId, extensionId, number, name, ...(userId !== undefined && { userId }) };
      const before: Agent = {
        ...who,
        memberships: still,
        status,
        sinceMs,
        wish,
        // The reason of a break is part of what he wants.
        ...(status === "break" && wish.reasonCode !== undefined && { reasonCode: wish.reasonCode }),
        missedInRow: 0,
        idleSinceMs: nowMs,
        today,
      };
      this.#agents.set(extensionId, before);
      if (extension === undefined || still.length === 0) {
        this.logout(before, undefined, bySystem, "server_restart");
        continue;
      }
      const rested = status === "busy" || status === "wrap_up" ? atRest(before, nowMs) : before;
      this.#change(before, decideAgent(rested, this.#around(rested, nowMs)), bySystem);
    }
  }

  /** All log-ins as the events that would have made them ([W26]). */
  startingState(): readonly NewEvent[] {
    const nowMs = this.#now();
    return this.all().flatMap((agent) => [
      loggedIn(agent, this.#nameOf, bySystem),
      stateChanged(agent, agent, this.#nameOf, bySystem, nowMs),
    ]);
  }

  ofExtension(extensionId: string): Agent | undefined {
    return this.#agents.get(extensionId);
  }

  all(): readonly Agent[] {
    return [...this.#agents.values()];
  }

  /** Told of every change of an agent after it was published; undefined is one who is not logged in. */
  onChanged(listener: (before: Agent | undefined, after: Agent | undefined) => void): void {
    this.#listeners.add(listener);
  }

  /** Can be offered a call now. */
  isFree({ status, extensionId }: Agent): boolean {
    const { calls, bindingsOf } = this.#options;
    return status === "available" && calls.registry.countOf(extensionId) === 0 && bindingsOf(extensionId).length > 0;
  }

  /** Logs in to queues, beside those that he is logged in to ([Q2]). */
  login(extension: Extension, memberships: readonly AgentMembership[], cause: Cause): AgentOutcome {
    const { queues } = this.#options;
    const known = this.#agents.get(extension.id);
    const nowMs = this.#now();
    const nameOf = this.#nameOf;
    if (known !== undefined) {
      const added = memberships.filter(({ queueId }) => !known.memberships.some((one) => one.queueId === queueId));
      if (added.length === 0) return { agent: known, seq: undefined };
      const more = { ...known, memberships: [...known.memberships, ...added] };
      return { agent: more, seq: this.#take(known, more, [loggedIn(more, nameOf, cause)]) };
    }
    const agentId = extension.userId ?? extension.id;
    const offline: Agent = {
      agentId,
      extensionId: extension.id,
      number: extension.number,
      name: extension.displayName,
      ...(extension.userId !== undefined && { userId: extension.userId }),
      memberships: memberships.filter(({ queueId }) => queues.byId(queueId) !== undefined),
      status: "offline",
      sinceMs: nowMs,
      wish: { status: "available" },
      missedInRow: 0,
      idleSinceMs: nowMs,
      today: this.#totals.get(agentId) ?? { date: dateOf(nowMs), calls: 0, talkMs: 0 },
    };
    const agent = decideAgent(atRest(offline, nowMs), this.#around(offline, nowMs));
    const events = [loggedIn(agent, nameOf, cause), stateChanged(offline, agent, nameOf, cause, nowMs)];
    return { agent, seq: this.#take(undefined, agent, events) };
  }

  /** Logs out of some queues, or of all: then he is no agent any more ([Q8]). */
  logout(agent: Agent, queueIds: readonly string[] | undefined, cause: Cause, reasonCode?: string): AgentOutcome {
    const nowMs = this.#now();
    const left = queueIds === undefined ? [] : agent.memberships.filter(({ queueId }) => !queueIds.includes(queueId));
    if (left.length > 0) {
      const fewer = { ...agent, memberships: left };
      const seq =
        left.length === agent.memberships.length
          ? undefined
          : this.#take(agent, fewer, [loggedIn(fewer, this.#nameOf, cause)]);
      return { agent: fewer, seq };
    }
    // Who is no agent any more goes on with nothing.
    const resting = { ...closeTalk(agent, nowMs), wish: { status: "available" } } as const;
    const gone = withStatus(resting, { status: "offline", reasonCode }, nowMs);
    const told = [stateChanged(agent, gone, this.#nameOf, cause, nowMs), loggedOut(gone, reasonCode, cause, nowMs)];
    this.#totals.set(agent.agentId, gone.today);
    const seq = this.#take(agent, undefined, told);
    this.#withdraw(agent, "rejected", cause);
    return { agent: gone, seq };
  }

  setStatus(agent: Agent, wish: AgentWish, cause: Cause): AgentOutcome {
    const outcome = this.#change(agent, decideWish(agent, wish, this.#now()), cause);
    if (wish.status === "break") this.#withdraw(agent, "rejected", cause);
    return outcome;
  }

  /** Undefined where he is not wrapping up. */
  setWrapUp(agent: Agent, restMs: number, reasonCode: string | undefined, cause: Cause): AgentOutcome | undefined {
    if (agent.status !== "wrap_up") return undefined;
    return this.#change(agent, decideWrapUp(agent, restMs, reasonCode, this.#now()), cause);
  }

  /** An extension's phones have come or gone ([Q8]). */
  onBindings(extensionId: string): void {
    const agent = this.#agents.get(extensionId);
    if (agent === undefined) return;
    if (this.#options.bindingsOf(extensionId).length === 0) this.#withdraw(agent, "device_lost", bySystem);
    const now = this.#agents.get(extensionId);
    if (now === undefined) return;
    const changed = decideAgent(now, this.#around(now, this.#now()));
    if (changed === now) this.#tell(now, now);
    else this.#change(now, changed, bySystem);
  }

  /** A queue is no more, or has other members. */
  onQueueGone(queueId: string): void {
    for (const agent of this.all()) {
      if (agent.memberships.some((one) => one.queueId === queueId)) {
        this.logout(agent, [queueId], { via: "admin" }, "queue_removed");
      }
    }
  }

  #onCall(before: Call | undefined, after: Call): void {
    const concerned = new Set([...(before === undefined ? [] : extensionsIn(before)), ...extensionsIn(after)]);
    for (const { extensionId, outcome } of newMisses(before, after)) {
      const agent = this.#agents.get(extensionId);
      if (agent !== undefined) this.#change(agent, decideMissed(agent, outcome, this.#now()), bySystem);
    }
    for (const extensionId of concerned) {
      const agent = this.#agents.get(extensionId);
      if (agent === undefined) continue;
      this.#change(agent, decideAgent(agent, this.#around(agent, this.#now())), { via: "system" });
    }
  }

  #around({ extensionId }: Agent, nowMs: number): AgentSurroundings {
    const { calls, bindingsOf, queues } = this.#options;
    const ownCalls = calls.registry.ofExtension(extensionId).filter((call) => takesPart(call, extensionId));
    return {
      nowMs,
      isReachable: bindingsOf(extensionId).length > 0,
      isInCall: ownCalls.length > 0,
      queueCall: ownCalls.map((call) => queueCallOf(call, extensionId, nowMs)).find((call) => call !== undefined),
      wrapUpMs: (queueId) => (queues.byId(queueId)?.wrapUpTimeSeconds ?? 0) * 1000,
    };
  }

  #change(before: Agent, after: Agent, cause: Cause): AgentOutcome {
    if (after === before) return { agent: before, seq: undefined };
    const isNews =
      before.status !== after.status || before.reasonCode !== after.reasonCode || before.queueId !== after.queueId;
    const isWished = before.wish.status === after.wish.status && before.wish.reasonCode === after.wish.reasonCode;
    const isSame = !isNews && before.endsAtMs === after.endsAtMs && isWished;
    const nowMs = this.#now();
    const events = isSame ? [] : [stateChanged(before, after, this.#nameOf, cause, nowMs)];
    return { agent: after, seq: this.#take(before, after, events) };
  }

  #take(before: Agent | undefined, after: Agent | undefined, events: readonly NewEvent[]): number | undefined {
    const extensionId = (after ?? before)?.extensionId ?? "";
    if (after === undefined) this.#agents.delete(extensionId);
    else this.#agents.set(extensionId, after);
    this.#keepWrapUp(extensionId, after);
    const seq = events.length === 0 ? undefined : this.#options.publish(events);
    this.#tell(before, after);
    return seq;
  }

  #tell(before: Agent | undefined, after: Agent | undefined): void {
    for (const listener of this.#listeners) listener(before, after);
  }

  #keepWrapUp(extensionId: string, agent: Agent | undefined): void {
    this.#wrapUps.get(extensionId)?.();
    this.#wrapUps.delete(extensionId);
    if (agent?.endsAtMs === undefined) return;
    const cancel = this.#options.scheduler.after(Math.max(0, agent.endsAtMs - this.#now()), () => {
      const now = this.#agents.get(extensionId);
      if (now?.status === "wrap_up") this.#change(now, atRest(now, this.#now()), { via: "timer" });
    });
    this.#wrapUps.set(extensionId, cancel);
  }

  /** The call that rings at his phones goes on without him. */
  #withdraw({ extensionId, agentId }: Agent, outcome: OfferOutcome, cause: Cause): void {
    const { calls } = this.#options;
    for (const call of calls.registry.ofExtension(extensionId)) {
      if (call.stage.at === "originating" && call.queue?.callback !== undefined) {
        calls.apply(call, decideWithdrawAttempt(call, outcome, calls.context(cause)));
      } else if (call.stage.at === "queued" && call.stage.offers.some((offer) => offer.agentId === agentId)) {
        calls.apply(call, decideWithdraw(call, agentId, outcome, calls.context(cause)));
      }
    }
  }

  readonly #nameOf = (queueId: string): string => this.#options.queues.byId(queueId)?.name ?? "";

  #now(): number {
    return this.#options.scheduler.now();
  }
}
