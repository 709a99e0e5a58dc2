import { type Agent, type AgentWish, type QueueCall, type StatusChange, todayOf, withStatus } from "./agent.ts";

/** How many offers in a row an agent lets ring until he is sent on a break ([Q4]). */
export const missesUntilBreak = 3;

/** What is so around an agent at this moment. */
export interface AgentSurroundings {
  readonly nowMs: number;
  /** A phone is registered for him. */
  readonly isReachable: boolean;
  /** He is in a call of any kind, as caller or having answered. */
  readonly isInCall: boolean;
  /** The queue call that he is in. */
  readonly queueCall: QueueCall | undefined;
  /** Wrap-up time of a queue. */
  readonly wrapUpMs: (queueId: string) => number;
}

/**
 * What an agent's calls and phones make of him ([Q3], [Q8], [Q9]): busy in any call; after a queue call wrapping up, after
 * another one what he was before; offline while no phone is registered. The same agent where nothing changes.
 */
export function decideAgent(agent: Agent, around: AgentSurroundings): Agent {
  const { nowMs, isReachable, isInCall, queueCall } = around;
  if (isInCall) {
    const taken = queueCall !== undefined && agent.queueCall?.callId !== queueCall.callId;
    if (agent.status === "busy" && !taken) return agent;
    const withCall = taken ? { ...countCall(agent, nowMs), queueCall, missedInRow: 0 } : agent;
    return withStatus(withCall, { status: "busy", queueId: queueCall?.queueId }, nowMs);
  }
  if (agent.status === "busy") return afterCall(agent, around);
  if (!isReachable) {
    return agent.status === "offline"
      ? agent
      : withStatus(agent, { status: "offline", reasonCode: "device_lost" }, nowMs);
  }
  return agent.status === "offline" ? atRest(agent, nowMs) : agent;
}

function afterCall(agent: Agent, { nowMs, wrapUpMs, isReachable }: AgentSurroundings): Agent {
  const { queueCall } = agent;
  const done = closeTalk(agent, nowMs);
  if (!isReachable) return lost(done, nowMs);
  if (queueCall === undefined) return atRest(done, nowMs);
  const restMs = wrapUpMs(queueCall.queueId);
  if (restMs === 0) return atRest(done, nowMs);
  return withStatus(done, { status: "wrap_up", queueId: queueCall.queueId, endsAtMs: nowMs + restMs }, nowMs);
}

/** The queue call is over for him, or he is no agent any more: he has talked until now ([Q8]). */
export function closeTalk(agent: Agent, nowMs: number): Agent {
  const { queueCall, ...rest } = agent;
  if (queueCall === undefined) return agent;
  const today = todayOf(agent.today, nowMs);
  const talkMs = today.talkMs + Math.max(0, nowMs - queueCall.answeredAtMs);
  return { ...rest, today: { ...today, talkMs }, idleSinceMs: nowMs };
}

function lost(agent: Agent, nowMs: number): Agent {
  return withStatus(agent, { status: "offline", reasonCode: "device_lost" }, nowMs);
}

/** The agent goes back to what he wants. */
export function atRest(agent: Agent, nowMs: number): Agent {
  return withStatus(agent, agent.wish, nowMs);
}

/** He did not take an offer: after some in a row that he let ring he is not asked any more ([Q4]). */
export function decideMissed(agent: Agent, outcome: string, nowMs: number): Agent {
  if (outcome !== "no_answer") return agent;
  const missedInRow = agent.missedInRow + 1;
  if (missedInRow < missesUntilBreak) return { ...agent, missedInRow };
  const wish: AgentWish = { status: "break", reasonCode: "auto_no_answer" };
  const sent = { ...agent, missedInRow: 0, wish };
  return agent.status === "available" ? atRest(sent, nowMs) : sent;
}

/** He goes on a break, or comes back; in a call it is what follows it. */
export function decideWish(agent: Agent, wish: AgentWish, nowMs: number): Agent {
  const wishing = { ...agent, wish, missedInRow: 0 };
  switch (agent.status) {
    case "busy":
    case "offline":
      return wishing;
    case "available":
    case "break":
    case "wrap_up":
      return atRest(wishing, nowMs);
  }
}

/** The wrap-up time lasts so long from now; 0 ends it. */
export function decideWrapUp(agent: Agent, restMs: number, reasonCode: string | undefined, nowMs: number): Agent {
  if (restMs === 0) return atRest(agent, nowMs);
  const { queueId } = agent;
  const change: StatusChange = { status: "wrap_up", reasonCode, queueId, endsAtMs: nowMs + restMs };
  return withStatus(agent, change, nowMs);
}

function countCall(agent: Agent, nowMs: number): Agent {
  const today = todayOf(agent.today, nowMs);
  return { ...agent, today: { ...today, calls: today.calls + 1 } };
}
