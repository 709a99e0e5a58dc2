import type { AcdAgent, AcdOffer, AcdQueue, AcdState, WaitingCall } from "./acd-state.ts";
import { type Candidate, chooseAgents } from "./rank-agents.ts";

/**
 * Which waiting calls are offered to which free agents now ([Q1], [Q5]): heavier queues first, then priority, then who
 * entered first. No agent gets two offers, a call that nobody is fit for does not hold up those behind it. Pure.
 * @param random from 0 to below 1; used by the strategy `random` alone
 */
export function distribute({ queues, agents, waiting }: AcdState, random: () => number): readonly AcdOffer[] {
  const free = freeMembers(agents);
  const calls: { readonly call: WaitingCall; readonly queue: AcdQueue }[] = [];
  for (const call of waiting) {
    const queue = queues.get(call.queueId);
    if (queue !== undefined && !call.isOffered && free.has(call.queueId)) calls.push({ call, queue });
  }
  calls.sort(
    (a, b) => b.queue.weight - a.queue.weight || b.call.priority - a.call.priority || a.call.order - b.call.order,
  );
  const taken = new Set<string>();
  const lastAgents = new Map<string, string>();
  const offers: AcdOffer[] = [];
  for (const { call, queue } of calls) {
    const candidates = stillFree(free, call.queueId, taken);
    if (candidates.length === 0) continue;
    const lastAgentId = lastAgents.get(queue.queueId) ?? queue.lastAgentId;
    const now = lastAgentId === undefined ? queue : { ...queue, lastAgentId };
    const [first, ...others] = chooseAgents(now, call, candidates, random).map(({ agent }) => agent.agentId);
    if (first === undefined) continue;
    for (const agentId of [first, ...others]) taken.add(agentId);
    lastAgents.set(queue.queueId, first);
    offers.push({ entryId: call.entryId, queueId: queue.queueId, agentIds: [first, ...others] });
  }
  return offers;
}

function freeMembers(agents: Iterable<AcdAgent>): Map<string, Candidate[]> {
  const members = new Map<string, Candidate[]>();
  for (const agent of agents) {
    if (!agent.isFree) continue;
    for (const { queueId, penalty } of agent.memberships) {
      const ofQueue = members.get(queueId);
      if (ofQueue === undefined) members.set(queueId, [{ agent, penalty }]);
      else ofQueue.push({ agent, penalty });
    }
  }
  return members;
}

/** The list shrinks as its agents are taken, so that no call looks at them again. */
function stillFree(free: Map<string, Candidate[]>, queueId: string, taken: ReadonlySet<string>): readonly Candidate[] {
  const members = free.get(queueId) ?? [];
  const left = members.filter(({ agent }) => !taken.has(agent.agentId));
  if (left.length !== members.length) free.set(queueId, left);
  return left;
}
