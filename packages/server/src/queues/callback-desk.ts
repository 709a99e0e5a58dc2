import type { CallbackFailure } from "@pbx-x/protocol";
import type { Binding, Scheduler } from "@pbx-x/telephony";
import type { AgentService } from "../agents/agent-service.ts";
import type { Call } from "../calls/call.ts";
import { toNewEvent } from "../calls/call-events.ts";
import type { CallService } from "../calls/call-service.ts";
import type { CallEvent } from "../calls/decision.ts";
import type { NewEvent } from "../event-log/event-log.ts";
import type { ExtensionDirectory } from "../extensions/extension.ts";
import { afterFailure, type Callback, failedEvent, givenUpEvent, nextMoment } from "./callback.ts";
import { beginCallbackAttempt } from "./callback-attempt.ts";
import type { Queue, QueueDirectory } from "./queue.ts";
import type { QueueEntry } from "./queue-entry.ts";
import { canBeCalledBack } from "./request-callback.ts";

export interface CallbackDeskOptions {
  readonly calls: CallService;
  readonly agents: Pick<AgentService, "ofExtension">;
  readonly queues: Pick<QueueDirectory, "byId">;
  readonly extensions: Pick<ExtensionDirectory, "byId">;
  readonly bindingsOf: (extensionId: string) => readonly Binding[];
  readonly publish: (events: readonly NewEvent[]) => number | undefined;
  readonly scheduler: Scheduler;
  /** The place in the line: nobody is asked for it while it is kept. */
  readonly place: {
    put(callback: Callback, isKept: boolean): void;
    leave(callback: Callback): void;
  };
}

/** Callers who have hung up and keep their place; makes the calls to them, one agent at a time ([Q13]–[Q15]). */
export class CallbackDesk {
  readonly #options: CallbackDeskOptions;
  /** By the call that entered the queue; bounded by the queues' sizes. */
  readonly #callbacks = new Map<string, Callback>();
  readonly #byAttempt = new Map<string, string>();
  readonly #timers = new Map<string, () => void>();

  constructor(options: CallbackDeskOptions) {
    this.#options = options;
  }

  get(callId: string): Callback | undefined {
    return this.#callbacks.get(callId);
  }

  all(): readonly Callback[] {
    return [...this.#callbacks.values()];
  }

  /** The caller has hung up, or heard that he is called back. */
  begin({ callId, threadId, caller, data }: Call, entry: QueueEntry): void {
    if (entry.callback === undefined) return;
    const { callbackId, expiresAtMs } = entry.callback;
    const kept = { callbackId, callId, threadId, entry, caller, data, expiresAtMs };
    this.resume({ ...kept, failedAttempts: 0, notBeforeMs: 0 });
  }

  /** Goes on with one, also one of the last run. */
  resume(callback: Callback): void {
    const { queues, scheduler, place } = this.#options;
    const nowMs = scheduler.now();
    this.#callbacks.set(callback.callId, callback);
    const queue = queues.byId(callback.entry.queueId);
    if (queue === undefined) return this.giveUp(callback, "cancelled");
    if (callback.expiresAtMs <= nowMs) return this.giveUp(callback, "expired");
    const isEarly = callback.notBeforeMs > nowMs;
    place.put(callback, isEarly);
    this.#schedule(callback.callId, nextMoment(callback, nowMs) - nowMs);
  }

  /** Not while somebody is asked: then its outcome decides. */
  giveUp(callback: Callback, failure: CallbackFailure): void {
    if (callback.attemptCallId !== undefined) return;
    const { scheduler, place } = this.#options;
    this.#forget(callback);
    this.#publish(givenUpEvent(callback, failure, scheduler.now()));
    place.leave(callback);
  }

  /** The place is reached: an agent is rung, then the caller ([Q14]). */
  offer(callback: Callback, agentExtensionId: string, queue: Queue): void {
    const { calls, agents, extensions, bindingsOf, place, scheduler } = this.#options;
    const agent = agents.ofExtension(agentExtensionId);
    const extension = extensions.byId(agentExtensionId);
    if (agent === undefined || extension === undefined || callback.attemptCallId !== undefined) return;
    const dialled = callback.caller.number;
    const route = calls.route(dialled);
    if (!canBeCalledBack(route)) return this.#failed(callback, queue, { reason: "not_reachable" });
    if (calls.outside.refusal(route, extension.id) !== undefined) {
      return this.#failed(callback, queue, { reason: "not_allowed" });
    }
    const callId = calls.newId();
    const now: Callback = { ...callback, attemptCallId: callId };
    this.#callbacks.set(callback.callId, now);
    this.#byAttempt.set(callId, callback.callId);
    place.put(now, true);
    const { callbackId, entry, threadId, data } = callback;
    const attempt = {
      callbackId,
      entry,
      enteredCallId: callback.callId,
      offerId: calls.newId(),
      agentId: agent.agentId,
      offeredAtMs: scheduler.now(),
    };
    const wanted = {
      callId,
      threadId,
      attempt,
      agent: extension,
      bindings: bindingsOf(extension.id),
      dialled,
      route,
      data,
      ringMs: queue.ringTimeoutSeconds * 1000,
    };
    const decision = beginCallbackAttempt(wanted, calls.surroundings(callId), calls.context({ via: "system" }));
    calls.apply(undefined, decision);
  }

  /** What became of a call that was made for somebody. */
  onCall({ callId, stage, queue: visit }: Call): void {
    const callback = this.#callbacks.get(this.#byAttempt.get(callId) ?? "");
    if (callback === undefined || (stage.at !== "connected" && stage.at !== "ended")) return;
    this.#byAttempt.delete(callId);
    const { place, queues } = this.#options;
    if (stage.at === "connected") {
      this.#forget(callback);
      return place.leave(callback);
    }
    const { attemptCallId: _, ...idle } = callback;
    const failure = visit?.callback?.failure;
    const queue = queues.byId(callback.entry.queueId);
    if (failure?.of === "agent")
      return this.resume(withMiss(idle, visit?.callback?.offerId, visit?.agentExtensionId, failure.outcome));
    if (queue === undefined) return this.giveUp(idle, "cancelled");
    this.#failed(idle, queue, { reason: failure?.reason ?? "failed", callbackCallId: callId });
  }

  #failed(callback: Callback, queue: Queue, told: { readonly reason: string; readonly callbackCallId?: string }): void {
    const next = afterFailure(callback, queue, this.#options.scheduler.now());
    const attempt = callback.failedAttempts + 1;
    const nextMs = next === undefined ? {} : { nextMs: next.notBeforeMs };
    this.#publish(failedEvent(callback, { ...told, attempt, ...nextMs }));
    if (next === undefined) this.giveUp(callback, "unreachable");
    else this.resume(next);
  }

  #schedule(callId: string, delayMs: number): void {
    this.#timers.get(callId)?.();
    const cancel = this.#options.scheduler.after(Math.max(0, delayMs), () => {
      this.#timers.delete(callId);
      const callback = this.#callbacks.get(callId);
      // While somebody is asked, its outcome decides.
      if (callback !== undefined && callback.attemptCallId === undefined) this.resume(callback);
    });
    this.#timers.set(callId, cancel);
  }

  #forget({ callId }: Callback): void {
    this.#timers.get(callId)?.();
    this.#timers.delete(callId);
    this.#callbacks.delete(callId);
  }

  #publish(event: CallEvent): void {
    const { publish, extensions } = this.#options;
    publish([toNewEvent(event, extensions)]);
  }
}

/** The agent is asked again only when there is nobody else. */
function withMiss(
  callback: Callback,
  offerId = "",
  extensionId = "",
  outcome: QueueEntry["missed"][number]["outcome"],
): Callback {
  const { entry } = callback;
  return { ...callback, entry: { ...entry, missed: [...entry.missed, { offerId, extensionId, outcome }].slice(-100) } };
}
