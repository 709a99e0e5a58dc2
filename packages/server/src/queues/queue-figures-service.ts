import type { Agent } from "../agents/agent.ts";
import type { CallService } from "../calls/call-service.ts";
import type { Queue } from "./queue.ts";
import {
  abandonedOf,
  averageTalkSeconds,
  averageWaitSeconds,
  type QueueFigures,
  serviceLevelPercent,
} from "./queue-figures.ts";
import type { QueueIntervals } from "./queue-intervals.ts";
import type { QueueService } from "./queue-service.ts";

/** A queue at this moment. */
export interface QueueNow {
  readonly waitingCalls: number;
  readonly waitingCallbacks: number;
  readonly activeCalls: number;
  readonly availableAgents: number;
  readonly busyAgents: number;
  readonly wrapUpAgents: number;
  readonly breakAgents: number;
  readonly longestWaitSeconds: number;
}

export function queueNow(
  queueId: string,
  parts: { readonly calls: CallService; readonly service: Pick<QueueService, "line" | "agentsOf"> },
): QueueNow {
  const { calls, service } = parts;
  const agents = service.agentsOf(queueId);
  const count = (status: Agent["status"]): number => agents.filter((agent) => agent.status === status).length;
  const line = service.line(queueId);
  const since = line.longestSinceMs;
  let activeCalls = 0;
  for (const { stage, queue } of calls.registry.all()) {
    if (stage.at === "connected" && queue?.id === queueId) activeCalls += 1;
  }
  return {
    waitingCalls: line.size,
    waitingCallbacks: line.all().filter(({ entry }) => entry.callback !== undefined).length,
    activeCalls,
    availableAgents: count("available"),
    busyAgents: count("busy"),
    wrapUpAgents: count("wrap_up"),
    breakAgents: count("break"),
    longestWaitSeconds: since === undefined ? 0 : Math.floor((calls.now() - since) / 1000),
  };
}

/** `QUEUE_STATS_UPDATED` ([W33]): this moment, and the day so far. */
export function statsData({ id, name }: Queue, now: QueueNow, today: QueueFigures): Readonly<Record<string, unknown>> {
  const level = serviceLevelPercent(today);
  return {
    queueId: id,
    queueName: name,
    ...now,
    avgWaitTimeSeconds: averageWaitSeconds(today),
    ...(level !== undefined && { serviceLevelPercent: level }),
    answeredToday: today.answered,
    abandonedToday: abandonedOf(today),
  };
}

/** Figures as `GET /queues/:id/stats` shows them. */
export function shownFigures(figures: QueueFigures) {
  const { entered, answered, answeredInTime, abandoned, longestWaitSeconds } = figures;
  const level = serviceLevelPercent(figures);
  return {
    entered,
    answered,
    answeredInTime,
    abandoned,
    avgWaitTimeSeconds: averageWaitSeconds(figures),
    longestWaitSeconds,
    avgTalkTimeSeconds: averageTalkSeconds(figures),
    ...(level !== undefined && { serviceLevelPercent: level }),
  };
}

/** Average time that a call takes an agent, over the last hour; 0 if unknown ([Q6]). */
export function handlingMs({ id, wrapUpTimeSeconds }: Queue, intervals: QueueIntervals, nowMs: number): number {
  const lastHour = intervals.since(id, nowMs - 3600_000);
  return lastHour.handled === 0 ? 0 : (averageTalkSeconds(lastHour) + wrapUpTimeSeconds) * 1000;
}

/** The beginning of the day, by the clock of the machine. */
export function midnight(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}
