import type { Cause } from "../calls/decision.ts";
import type { NewEvent } from "../event-log/event-log.ts";
import { type Agent, nextStatus, todayOf } from "./agent.ts";

/** How queues are called. */
export type QueueNames = (queueId: string) => string;

const time = (ms: number): string => new Date(ms).toISOString();

/** An agent's status changed, or what follows it ([Q2], [Q3]). */
export function stateChanged(
  before: Pick<Agent, "status" | "sinceMs" | "queueCall">,
  agent: Agent,
  nameOf: QueueNames,
  cause: Cause,
  nowMs: number,
): NewEvent {
  const { status, reasonCode, sinceMs, endsAtMs } = agent;
  const done = agent.queueCall === undefined ? before.queueCall : undefined;
  const queueId = agent.queueId ?? done?.queueId;
  const next = nextStatus(agent);
  const why = next === undefined ? undefined : agent.wish.reasonCode;
  const today = todayOf(agent.today, nowMs);
  return toEvent("AGENT_STATE_CHANGED", agent, cause, {
    ...(queueId !== undefined && { queueId, queueName: nameOf(queueId) }),
    oldStatus: before.status,
    newStatus: status,
    ...(reasonCode !== undefined && { reasonCode }),
    since: time(sinceMs),
    previousDurationSeconds: Math.max(0, Math.floor((nowMs - before.sinceMs) / 1000)),
    ...(done !== undefined && { talkSeconds: Math.max(0, Math.floor((nowMs - done.answeredAtMs) / 1000)) }),
    ...(endsAtMs !== undefined && { endsAt: time(endsAtMs) }),
    ...(next !== undefined && { nextStatus: next }),
    ...(why !== undefined && { nextReasonCode: why }),
    callsToday: today.calls,
    talkTimeSecondsToday: Math.floor(today.talkMs / 1000),
  });
}

/** Which queues an agent is logged in to now ([Q2]). */
export function loggedIn(agent: Agent, nameOf: QueueNames, cause: Cause): NewEvent {
  const queues = agent.memberships.map(({ queueId, penalty }) => ({ queueId, queueName: nameOf(queueId), penalty }));
  return toEvent("AGENT_LOGGED_IN", agent, cause, { queues, status: agent.status });
}

/** With the day's totals ([Q8]). */
export function loggedOut(agent: Agent, reasonCode: string | undefined, cause: Cause, nowMs: number): NewEvent {
  const { calls, talkMs } = todayOf(agent.today, nowMs);
  return toEvent("AGENT_LOGGED_OUT", agent, cause, {
    totalCallsToday: calls,
    totalTalkTimeSeconds: Math.floor(talkMs / 1000),
    ...(reasonCode !== undefined && { reasonCode }),
  });
}

function toEvent(
  type: "AGENT_STATE_CHANGED" | "AGENT_LOGGED_IN" | "AGENT_LOGGED_OUT",
  { agentId, extensionId, number, name, userId, memberships }: Agent,
  causedBy: Cause,
  data: Readonly<Record<string, unknown>>,
): NewEvent {
  return {
    type,
    data: { agentId, extensionId, number, name, ...data, causedBy },
    audience: {
      extensions: [{ id: extensionId, number }],
      agentIds: [agentId],
      queueIds: memberships.map(({ queueId }) => queueId),
      ...(userId !== undefined && { userIds: [userId] }),
    },
  };
}
